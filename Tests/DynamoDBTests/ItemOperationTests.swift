import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Item operations")
struct ItemOperationTests {
    @Test("store, read and delete an item")
    func roundTrip() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"1.0"}}"#)
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == #"{"n":{"N":"1"},"p":{"S":"a"}}"#)
            #expect(
                try await db.call(
                    "DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"a"}},"ReturnValues":"ALL_OLD"}"#)
                    == #"{"Attributes":{"n":{"N":"1"},"p":{"S":"a"}}}"#)
            #expect(try await db.call("GetItem", #"{"TableName":"table","Key":{"p":{"S":"a"}}}"#) == "{}")
        }
    }

    @Test("keep what was acknowledged when the store is opened again")
    func durability() async throws {
        try await TemporaryFolder.with { folder in
            try await DynamoDBHost.with(folder: folder) { db in
                try await db.createTable()
                try await db.put(#"{"p":{"S":"a"},"v":{"S":"kept"}}"#)
            }
            try await DynamoDBHost.with(folder: folder) { db in
                let kept = try await db.item(#"{"p":{"S":"a"}}"#)
                #expect(kept == #"{"p":{"S":"a"},"v":{"S":"kept"}}"#)
            }
        }
    }

    @Test("answer only what a projection names")
    func projections() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"},"m":{"M":{"x":{"S":"1"},"y":{"S":"2"}}},"n":{"N":"5"}}"#)
            let get = #"{"TableName":"table","Key":{"p":{"S":"a"}},"#
            #expect(try await db.call("GetItem", get + #""ProjectionExpression":"n"}"#) == #"{"Item":{"n":{"N":"5"}}}"#)
            #expect(
                try await db.call(
                    "GetItem", get + ##""ProjectionExpression":"#m.x","ExpressionAttributeNames":{"#m":"m"}}"##)
                    == #"{"Item":{"m":{"M":{"x":{"S":"1"}}}}}"#)
            #expect(try await db.call("GetItem", get + #""ProjectionExpression":"gone"}"#) == #"{"Item":{}}"#)
            #expect(try await db.call("GetItem", get + #""AttributesToGet":["n"]}"#) == #"{"Item":{"n":{"N":"5"}}}"#)
        }
    }

    @Test("write only when their condition holds, and answer the item that failed it")
    func conditions() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let put =
                #"{"TableName":"table","Item":{"p":{"S":"a"},"v":{"N":"1"}},"ConditionExpression":"attribute_not_exists(p)""#
            try await db.call("PutItem", put + "}")
            #expect(
                try await db.error("PutItem", put + "}")
                    == "ConditionalCheckFailedException: The conditional request failed")
            #expect(
                try await db.error("PutItem", put + #","ReturnValuesOnConditionCheckFailure":"ALL_OLD"}"#)
                    == #"ConditionalCheckFailedException: The conditional request failed {"Item":{"p":{"S":"a"},"v":{"N":"1"}}}"#
            )
            #expect(
                try await db.error(
                    "DeleteItem",
                    """
                    {"TableName":"table","Key":{"p":{"S":"a"}},"ConditionExpression":"v = :x",\
                    "ExpressionAttributeValues":{":x":{"N":"2"}}}
                    """) == "ConditionalCheckFailedException: The conditional request failed")
        }
    }

    @Test("update attributes and answer what is asked for")
    func updates() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            func update(_ expression: String, _ returnValues: String) async throws -> String {
                try await db.call(
                    "UpdateItem",
                    """
                    {"TableName":"table","Key":{"p":{"S":"a"}},"UpdateExpression":"\(expression)",\
                    "ReturnValues":"\(returnValues)","ExpressionAttributeValues":{":x":{"N":"2"}}}
                    """)
            }
            #expect(try await update("SET n = :x", "ALL_NEW") == #"{"Attributes":{"n":{"N":"2"},"p":{"S":"a"}}}"#)
            #expect(try await update("ADD n :x", "UPDATED_OLD") == #"{"Attributes":{"n":{"N":"2"}}}"#)
            #expect(try await update("ADD n :x", "UPDATED_NEW") == #"{"Attributes":{"n":{"N":"6"}}}"#)
            #expect(try await update("SET n = n - :x", "ALL_OLD") == #"{"Attributes":{"n":{"N":"6"},"p":{"S":"a"}}}"#)
            #expect(try await update("SET m = :x", "NONE") == "{}")
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == #"{"m":{"N":"2"},"n":{"N":"4"},"p":{"S":"a"}}"#)
        }
    }

    @Test("that only take away do not create an item; an update of nothing does")
    func updatesOfNothing() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let key = #"{"TableName":"table","Key":{"p":{"S":"a"}}"#
            #expect(
                try await db.call("UpdateItem", key + #","UpdateExpression":"REMOVE x","ReturnValues":"ALL_NEW"}"#)
                    == "{}")
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == "none")
            try await db.call("UpdateItem", key + "}")
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == #"{"p":{"S":"a"}}"#)
        }
    }

    @Test("take the parameters of before the expressions")
    func legacyParameters() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let key = #"{"TableName":"table","Key":{"p":{"S":"a"}},"#
            try await db.call(
                "UpdateItem",
                key
                    + #""AttributeUpdates":{"n":{"Value":{"N":"1"},"Action":"ADD"},"l":{"Value":{"L":[{"S":"x"}]},"Action":"ADD"}}}"#
            )
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == #"{"l":{"L":[{"S":"x"}]},"n":{"N":"1"},"p":{"S":"a"}}"#)
            try await db.call(
                "UpdateItem",
                key
                    + #""AttributeUpdates":{"l":{"Action":"DELETE"}},"Expected":{"n":{"Value":{"N":"1"}},"q":{"Exists":false}}}"#
            )
            #expect(
                try await db.error(
                    "UpdateItem", key + #""AttributeUpdates":{"n":{"Value":{"NS":["1"]},"Action":"ADD"}}}"#)
                    == "ValidationException: Type mismatch for attribute to update")
            #expect(
                try await db.error(
                    "DeleteItem",
                    key + #""Expected":{"n":{"ComparisonOperator":"GT","AttributeValueList":[{"N":"1"}]}}}"#)
                    == "ConditionalCheckFailedException: The conditional request failed")
            #expect(
                try await db.error(
                    "DeleteItem",
                    key + #""Expected":{"n":{"Value":{"N":"1"}}},"ConditionExpression":"attribute_exists(p)"}"#)
                    == "ValidationException: 1 validation error detected: "
                    + "Can not use both expression and non-expression parameters in the same request: "
                    + "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}")
        }
    }

    @Test("count the capacity they consume")
    func capacity() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let big = String(repeating: "x", count: 5000)
            #expect(
                try await db.call(
                    "PutItem",
                    #"{"TableName":"table","Item":{"p":{"S":"\#(big.prefix(1100))"}},"ReturnConsumedCapacity":"TOTAL"}"#
                )
                    == #"{"ConsumedCapacity":{"TableName":"table","CapacityUnits":2}}"#)
            try await db.put(#"{"p":{"S":"a"},"v":{"S":"\#(big)"}}"#)
            let get =
                #"{"TableName":"table","Key":{"p":{"S":"a"}},"ProjectionExpression":"p","ReturnConsumedCapacity":"INDEXES""#
            #expect(
                try await db.call("GetItem", get + "}")
                    == #"{"Item":{"p":{"S":"a"}},"ConsumedCapacity":{"TableName":"table","CapacityUnits":1,"Table":{"CapacityUnits":1}}}"#
            )
            #expect(try await db.call("GetItem", get + #","ConsistentRead":true}"#).contains(#""CapacityUnits":2,"#))
        }
    }

    @Test(
        "are refused with AWS's words",
        arguments: [
            (
                "PutItem", #"{"TableName":"nowhere","Item":{"p":{"S":"a"}}}"#,
                "ResourceNotFoundException: Requested resource not found"
            ),
            (
                "PutItem", #"{"TableName":"table","Item":{"x":{"S":"a"}}}"#,
                "ValidationException: One or more parameter values were invalid: Missing the key p in the item"
            ),
            (
                "BatchWriteItem", #"{"RequestItems":{"table":[{"PutRequest":{"Item":{"x":{"S":"a"}}}}]}}"#,
                "ValidationException: The provided key element does not match the schema"
            ),
            (
                "PutItem", #"{"TableName":"table","Item":{"p":{"N":"1"},"c":{"N":"1"}}}"#,
                "ValidationException: One or more parameter values were invalid: Type mismatch for key p expected: S actual: N"
            ),
            (
                "PutItem", #"{"TableName":"table","Item":{"p":{"S":""},"c":{"N":"1"}}}"#,
                "ValidationException: One or more parameter values are not valid. "
                    + "The AttributeValue for a key attribute cannot contain an empty string value. Key: p"
            ),
            (
                "PutItem", #"{"TableName":"table","Item":{"p":{"S":"a"},"c":{"N":"1"}},"ReturnValues":"ALL_NEW"}"#,
                "ValidationException: 1 validation error detected: ReturnValues can only be ALL_OLD or NONE"
            ),
            (
                "GetItem", #"{"TableName":"table","Key":{"p":{"S":"a"}}}"#,
                "ValidationException: The provided key element does not match the schema"
            ),
            (
                "GetItem", #"{"TableName":"table","Key":{"p":{"S":"a"},"c":{"S":"1"}}}"#,
                "ValidationException: The provided key element does not match the schema"
            ),
            (
                "GetItem",
                ##"{"TableName":"table","Key":{"p":{"S":"a"},"c":{"N":"1"}},"ExpressionAttributeNames":{"#a":"b"}}"##,
                "ValidationException: ExpressionAttributeNames can only be specified when using expressions"
            ),
            (
                "DeleteItem",
                #"{"TableName":"table","Key":{"p":{"S":"a"},"c":{"N":"1"}},"ExpressionAttributeValues":{":a":{"S":"b"}}}"#,
                "ValidationException: 1 validation error detected: "
                    + "ExpressionAttributeValues can only be specified when using expressions"
            ),
            (
                "UpdateItem",
                #"{"TableName":"table","Key":{"p":{"S":"a"},"c":{"N":"1"}},"UpdateExpression":"SET c = :a","ExpressionAttributeValues":{":a":{"S":"b"}}}"#,
                "ValidationException: One or more parameter values were invalid: Cannot update attribute c. "
                    + "This attribute is part of the key"
            ),
            (
                "UpdateItem",
                #"{"TableName":"table","Key":{"p":{"S":"a"},"c":{"N":"1"}},"UpdateExpression":"SET a = :a","ExpressionAttributeValues":{":a":{"N":"x"}}}"#,
                "ValidationException: 1 validation error detected: "
                    + "The parameter cannot be converted to a numeric value: x"
            ),
        ])
    func refusals(operation: String, input: String, message: String) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N")
            #expect(try await db.error(operation, input) == message)
        }
    }

    @Test("hold items of 400 KB and no larger")
    func itemSize() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let text = String(repeating: "x", count: ItemLimits.itemSize - 3)
            try await db.put(#"{"p":{"S":"a"},"v":{"S":"\#(text)"}}"#)
            #expect(try await db.item(#"{"p":{"S":"a"}}"#).utf8.count > 400_000)
            #expect(
                try await db.error("PutItem", #"{"TableName":"table","Item":{"p":{"S":"a"},"v":{"S":"\#(text)x"}}}"#)
                    == "ValidationException: Item size has exceeded the maximum allowed size")
            #expect(
                try await db.error(
                    "UpdateItem",
                    """
                    {"TableName":"table","Key":{"p":{"S":"a"}},"UpdateExpression":"SET w = :w",\
                    "ExpressionAttributeValues":{":w":{"S":"x"}}}
                    """) == "ValidationException: Item size to update has exceeded the maximum allowed size")
        }
    }

    @Test("of many writers at once lose none")
    func concurrentUpdates() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        try await db.call(
                            "UpdateItem",
                            """
                            {"TableName":"table","Key":{"p":{"S":"a"}},"UpdateExpression":"ADD n :one",\
                            "ExpressionAttributeValues":{":one":{"N":"1"}}}
                            """)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == #"{"n":{"N":"64"},"p":{"S":"a"}}"#)
        }
    }

    @Test("ask for permission on the table with the condition keys policies look at")
    func permissions() async throws {
        let authorizer = ContextAuthorizer()
        try await DynamoDBHost.with(authorizer: authorizer) { db in
            try await db.createTable()
            let user = Caller(.user, account: TestHost.account, arn: "arn:aws:iam::000000000000:user/ann")
            try await db.call(
                "GetItem", #"{"TableName":"table","Key":{"p":{"S":"ann"}},"ProjectionExpression":"x"}"#, as: user)
            #expect(
                authorizer.last == """
                    GetItem arn:aws:dynamodb:us-east-1:000000000000:table/table dynamodb:Attributes=p,x dynamodb:LeadingKeys=ann
                    """)
            try await db.call(
                "Query",
                """
                {"TableName":"table","KeyConditionExpression":"p = :p",\
                "ExpressionAttributeValues":{":p":{"S":"bob"}},"Select":"COUNT"}
                """, as: user)
            #expect(
                authorizer.last == """
                    Query arn:aws:dynamodb:us-east-1:000000000000:table/table dynamodb:Attributes=p \
                    dynamodb:LeadingKeys=bob dynamodb:Select=COUNT
                    """)
        }
    }
}

/// Notes the last permission asked for, with its condition keys.
private final class ContextAuthorizer: Authorizer {
    private let note = Mutex("")

    var last: String { note.withLock { $0 } }

    func require(_ permission: Permission, of service: AWSService, operation: String, in call: Call) async throws {
        let context = permission.context.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value.joined(separator: ","))" }.joined(separator: " ")
        note.withLock { $0 = "\(operation) \(permission.resource) \(context)" }
    }
}
