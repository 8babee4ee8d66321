import JSON
import Testing

@testable import AWSModel

@Suite struct ConstraintCheckerTests {
    private let library: ModelLibrary

    init() throws { library = try ModelLibrary.installed() }

    private func message(_ service: String, _ operation: String, _ json: String) throws -> String? {
        let model = try library.model(service)
        let input = try #require(model.operations[operation]?.input)
        do {
            try ConstraintChecker(model, expecting: input).check(JSONDocument(Array(json.utf8)).root, against: input)
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

    @Test("A stream beside the JSON is not missed in it")
    func streamingMember() throws {
        #expect(try message("lambda", "InvokeAsync", #"{"FunctionName":"f"}"#) == nil)
    }
}
