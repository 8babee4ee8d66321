import JSON
import Testing

@testable import AWSModel

@Suite struct ConstraintCheckerTests {
    private let library: ModelLibrary

    init() throws { library = try ModelLibrary.installed() }

    private func message(
        _ service: String, _ operation: String, _ json: String, _ wording: JavaWording? = nil
    ) throws -> String? {
        let model = try library.model(service)
        let input = try #require(model.operations[operation]?.input)
        do {
            try ConstraintChecker(model, expecting: input, wording: wording)
                .check(JSONDocument(Array(json.utf8)).root, against: input)
            return nil
        } catch { return (error as? InputFault)?.message }
    }

    @Test("A right input passes")
    func rightInput() throws {
        let json = #"{"TableName":"music","Key":{"id":{"S":"1"},"n":{"N":"1"},"b":{"B":"AAEC"}},"ConsistentRead":true}"#
        #expect(try message("dynamodb", "GetItem", json) == nil)
    }

    @Test("A missing member must not be null, in AWS's lower camel case")
    func missing() throws {
        #expect(
            try message("dynamodb", "GetItem", #"{"TableName":null}"#)
                == "2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: "
                + "Member must not be null; Value null at 'key' failed to satisfy constraint: Member must not be null")
    }

    @Test("Lengths, patterns and values are named with the path of the value")
    func lengthsPatternsValues() throws {
        let json = """
            {"TableName":"a!","AttributeDefinitions":[{"AttributeName":"x","AttributeType":"Q"}],
            "KeySchema":[],"BillingMode":"PAY_PER_REQUEST"}
            """
        #expect(
            try message("dynamodb", "CreateTable", json)
                == "2 validation errors detected: "
                + "Value 'Q' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: "
                + "Member must satisfy enum value set: [S, N, B]; Value '[]' at 'keySchema' failed to satisfy constraint: "
                + "Member must have length greater than or equal to 1")
        #expect(
            try message("kms", "DescribeKey", #"{"KeyId":""}"#)
                == "1 validation error detected: Value '' at 'keyId' failed to satisfy constraint: "
                + "Member must have length greater than or equal to 1")
        #expect(
            try message("secretsmanager", "DeleteSecret", #"{"SecretId":"a","RecoveryWindowInDays":"x"}"#)
                == "STRING_VALUE cannot be converted to Long")
    }

    @Test("Scalars in collections are reported with all that their shape asks")
    func collections() throws {
        let json = #"{"ResourceARNList":["x"],"TagFilters":[{"Key":"","Values":["b"]}]}"#
        let text = try #require(try message("resourcegroupstaggingapi", "GetResources", json))
        #expect(
            text.contains("Value '' at 'tagFilters.1.member.key' failed to satisfy constraint: Member must have length")
        )
        let keys = try #require(
            try message(
                "lambda", "CreateFunction",
                ##"{"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r","Code":{},"Environment":{"Variables":{"1x":"v"}}}"##
            ))
        #expect(
            keys.contains(
                "at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: ["))
    }

    @Test("A sensitive value is not repeated")
    func sensitive() throws {
        let json = #"{"Username":"u","Password":"   ","ClientId":"abc"}"#
        let text = try message("cognito-idp", "SignUp", json) ?? ""
        #expect(!text.contains("'   '"))
        #expect(text.contains("Value at 'password' failed to satisfy constraint") || text.isEmpty)
    }

    @Test(
        "A value of the wrong kind is a serialization fault",
        arguments: [
            (#"{"TableName":1}"#, "NUMBER_VALUE cannot be converted to String"),
            (#"{"TableName":true}"#, "TRUE_VALUE cannot be converted to String"),
            (#"{"TableName":[]}"#, "Start of list found where not expected"),
            (#"{"TableName":{}}"#, "Start of structure or map found where not expected"),
            (#"{"Key":"a"}"#, "Unexpected field type"), (#"[]"#, "Start of list found where not expected"),
            (#"{"Key":{"a":{"B":"abc"}}}"#, "Base64 encoded length is expected a multiple of 4 bytes but found: 3"),
        ])
    func wrongKinds(json: String, expected: String) throws {
        #expect(try message("dynamodb", "GetItem", json) == expected)
    }

    private static let castFault =
        "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class "
        + "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of "
        + "loader 'bootstrap')"

    @Test(
        "A service that names its reader's classes does so",
        arguments: [
            ("GetItem", #"{"TableName":[]}"#, "Unrecognized collection type class java.lang.String"),
            ("GetItem", #"{"TableName":{}}"#, "Start of structure or map found where not expected"),
            ("GetItem", #"{"TableName":1}"#, "NUMBER_VALUE cannot be converted to String"),
            ("GetItem", #"{"ConsistentRead":[]}"#, "Unrecognized collection type class java.lang.Boolean"),
            ("GetItem", #"{"ConsistentRead":"23"}"#, "Unexpected token received from parser"),
            ("GetItem", #"{"ConsistentRead":23}"#, "NUMBER_VALUE cannot be converted to Boolean"),
            (
                "GetItem", #"{"Key":[]}"#,
                "Unrecognized collection type java.util.Map<java.lang.String, "
                    + "com.amazonaws.dynamodb.v20120810.AttributeValue>"
            ),
            ("GetItem", #"{"Key":"a"}"#, "Unexpected field type"),
            ("GetItem", #"{"Key":{"a":"b"}}"#, "Unexpected value type in payload"),
            (
                "GetItem", #"{"Key":{"a":[]}}"#,
                "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"
            ),
            ("GetItem", #"{"Key":{"a":{"L":3}}}"#, "Unexpected field type"),
            ("GetItem", #"{"Key":{"a":{"L":[3]}}}"#, "Unexpected value type in payload"),
            (
                "GetItem", #"{"Key":{"a":{"B":3}}}"#, "only base-64-encoded strings are convertible to bytes"
            ),
            ("GetItem", #"{"Key":{"a":{"B":[]}}}"#, "Unrecognized collection type class java.nio.ByteBuffer"),
            (
                "GetItem", #"{"Key":{"a":{"B":"abc"}}}"#,
                "Base64 encoded length is expected a multiple of 4 bytes but found: 3"
            ),
            ("GetItem", #"{"Key":{"a":{"BS":["=+/="]}}}"#, "Invalid last non-pad Base64 character dectected"),
            ("GetItem", #"{"AttributesToGet":[[]]}"#, "Unrecognized collection type class java.lang.String"),
            ("Query", #"{"Limit":"23"}"#, "STRING_VALUE cannot be converted to Integer"),
            ("Query", #"{"Limit":[]}"#, "Unrecognized collection type class java.lang.Integer"),
            ("BatchGetItem", #"{"RequestItems":{"a":{"Keys":[1]}}}"#, castFault),
            ("BatchWriteItem", #"{"RequestItems":{"a":true}}"#, castFault),
            ("BatchWriteItem", #"{"RequestItems":{"a":{}}}"#, "Start of structure or map found where not expected"),
            (
                "BatchWriteItem", #"{"RequestItems":[]}"#,
                "Unrecognized collection type java.util.Map<java.lang.String, "
                    + "java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>>"
            ),
            ("CreateTable", #"{"ProvisionedThroughput":"23"}"#, "Unexpected field type"),
            (
                "CreateTable", #"{"ProvisionedThroughput":{"ReadCapacityUnits":[]}}"#,
                "Unrecognized collection type class java.lang.Long"
            ),
        ])
    func javaClasses(operation: String, json: String, expected: String) throws {
        let wording = JavaWording(package: "com.amazonaws.dynamodb.v20120810")
        #expect(try message("dynamodb", operation, json, wording) == expected)
    }

    @Test("A word for a boolean is the operation's matter where it takes such words")
    func wordsForBooleans() throws {
        let wording = JavaWording(package: "a", wordyShapes: ["NullAttributeValue"])
        #expect(try message("dynamodb", "GetItem", #"{"TableName":"a","Key":{"a":{"NULL":"no"}}}"#, wording) == nil)
        #expect(
            try message("dynamodb", "GetItem", #"{"TableName":"a","Key":{"a":{"BOOL":"no"}}}"#, wording)
                == "Unexpected token received from parser")
    }

    @Test("A stream beside the JSON is not missed in it")
    func streamingMember() throws {
        #expect(try message("lambda", "InvokeAsync", #"{"FunctionName":"f"}"#) == nil)
    }
}
