import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Transactions")
struct TransactionTests {
    static func put(_ key: String, in table: String = "table", more: String = "") -> String {
        #"{"Put":{"TableName":"\#(table)","Item":{"p":{"S":"\#(key)"}}\#(more)}}"#
    }

    @Test("write all of several tables")
    func all() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.createTable("other")
            try await db.put(#"{"p":{"S":"gone"}}"#)
            try await db.call(
                "TransactWriteItems",
                """
                {"TransactItems":[\(Self.put("a")),\(Self.put("b", in: "other")),\
                {"Update":{"TableName":"table","Key":{"p":{"S":"c"}},"UpdateExpression":"SET v = :v",\
                "ExpressionAttributeValues":{":v":{"N":"1"}}}},{"Delete":{"TableName":"table","Key":{"p":{"S":"gone"}}}},\
                {"ConditionCheck":{"TableName":"other","Key":{"p":{"S":"x"}},"ConditionExpression":"attribute_not_exists(p)"}}]}
                """)
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == #"{"p":{"S":"a"}}"#)
            #expect(try await db.item(#"{"p":{"S":"b"}}"#, in: "other") == #"{"p":{"S":"b"}}"#)
            #expect(try await db.item(#"{"p":{"S":"c"}}"#) == #"{"p":{"S":"c"},"v":{"N":"1"}}"#)
            #expect(try await db.item(#"{"p":{"S":"gone"}}"#) == "none")
        }
    }

    @Test("write nothing when one condition fails, and say in order why")
    func none() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"there"},"v":{"N":"7"}}"#)
            let condition =
                #","ConditionExpression":"attribute_not_exists(p)","ReturnValuesOnConditionCheckFailure":"ALL_OLD""#
            #expect(
                try await db.error(
                    "TransactWriteItems",
                    #"{"TransactItems":[\#(Self.put("a")),\#(Self.put("there", more: condition)),\#(Self.put("b"))]}"#)
                    == "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific "
                    + "reasons [None, ConditionalCheckFailed, None] "
                    + #"{"CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"The conditional request failed","Item":{"p":{"S":"there"},"v":{"N":"7"}}},{"Code":"None"}]}"#
            )
            #expect(try await db.item(#"{"p":{"S":"a"}}"#) == "none")
            #expect(try await db.item(#"{"p":{"S":"b"}}"#) == "none")
        }
    }

    @Test("report an action that does not fit its table as a reason, one that cannot be read as a fault of the request")
    func validation() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            #expect(
                try await db.error(
                    "TransactWriteItems",
                    #"{"TransactItems":[\#(Self.put("a")),{"Put":{"TableName":"table","Item":{"p":{"N":"7"}}}}]}"#
                ).contains("specific reasons [None, ValidationError]"))
            #expect(
                try await db.error(
                    "TransactWriteItems",
                    #"{"TransactItems":[\#(Self.put("a", more: #","ConditionExpression":"hello!""#))]}"#
                )
                .hasPrefix("ValidationException: Invalid ConditionExpression: Syntax error;"))
            #expect(
                try await db.error("TransactWriteItems", #"{"TransactItems":[\#(Self.put("a")),\#(Self.put("a"))]}"#)
                    == "ValidationException: Transaction request cannot include multiple operations on one item")
        }
    }

    @Test("with a token happen once, also after a restart, until the token has expired")
    func tokens() async throws {
        try await TemporaryFolder.with { folder in
            let add = """
                {"ClientRequestToken":"token","TransactItems":[{"Update":{"TableName":"table","Key":{"p":{"S":"a"}},\
                "UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}}}}]}
                """
            try await DynamoDBHost.with(folder: folder) { db in
                try await db.createTable()
                try await db.call("TransactWriteItems", add)
                try await db.call("TransactWriteItems", add)
            }
            try await DynamoDBHost.with(folder: folder) { db in
                try await db.call("TransactWriteItems", add)
                let once = try await db.item(#"{"p":{"S":"a"}}"#)
                #expect(once == #"{"n":{"N":"1"},"p":{"S":"a"}}"#)
                #expect(
                    try await db.error(
                        "TransactWriteItems", #"{"ClientRequestToken":"token","TransactItems":[\#(Self.put("z"))]}"#
                    )
                    .hasPrefix("IdempotentParameterMismatchException"))
                db.clock.advance(by: .seconds(601))
                try await db.call("TransactWriteItems", add)
                #expect(try await db.item(#"{"p":{"S":"a"}}"#) == #"{"n":{"N":"2"},"p":{"S":"a"}}"#)
            }
        }
    }

    @Test("read several items at one moment")
    func reading() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"},"v":{"N":"1"}}"#)
            #expect(
                try await db.call(
                    "TransactGetItems",
                    """
                    {"TransactItems":[{"Get":{"TableName":"table","Key":{"p":{"S":"a"}},"ProjectionExpression":"v"}},\
                    {"Get":{"TableName":"table","Key":{"p":{"S":"none"}}}}]}
                    """) == #"{"Responses":[{"Item":{"v":{"N":"1"}}},{}]}"#)
        }
    }

    @Test("are isolated from each other: money moved about never gets more or less")
    func isolation() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            for account in 0..<4 { try await db.put(#"{"p":{"S":"\#(account)"},"n":{"N":"100"}}"#) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for round in 0..<40 {
                    group.addTask {
                        func move(_ account: Int, _ amount: String) -> String {
                            """
                            {"Update":{"TableName":"table","Key":{"p":{"S":"\(account)"}},"UpdateExpression":"ADD n :x",\
                            "ExpressionAttributeValues":{":x":{"N":"\(amount)"}}}}
                            """
                        }
                        try await db.call(
                            "TransactWriteItems",
                            #"{"TransactItems":[\#(move(round % 4, "-7")),\#(move((round + 1) % 4, "7"))]}"#)
                    }
                    group.addTask {
                        let gets = (0..<4).map { #"{"Get":{"TableName":"table","Key":{"p":{"S":"\#($0)"}}}}"# }
                        let output = try await db.host.call(
                            "dynamodb", "TransactGetItems", #"{"TransactItems":[\#(gets.joined(separator: ","))]}"#)
                        let sum = (output["Responses"]?.elements ?? .none).compactMap {
                            $0["Item"]?["n"]?["N"]?.string.flatMap(Int.init)
                        }.reduce(0, +)
                        #expect(sum == 400)
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}

@Suite("Batches")
struct BatchTests {
    @Test("write and read items of several tables")
    func roundTrip() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.createTable("other")
            try await db.put(#"{"p":{"S":"gone"}}"#)
            #expect(
                try await db.call(
                    "BatchWriteItem",
                    """
                    {"RequestItems":{"table":[{"PutRequest":{"Item":{"p":{"S":"a"},"v":{"N":"1"}}}},\
                    {"DeleteRequest":{"Key":{"p":{"S":"gone"}}}}],"other":[{"PutRequest":{"Item":{"p":{"S":"b"}}}}]},\
                    "ReturnConsumedCapacity":"TOTAL"}
                    """)
                    == #"{"UnprocessedItems":{},"ConsumedCapacity":[{"TableName":"other","CapacityUnits":1},{"TableName":"table","CapacityUnits":2}]}"#
            )
            #expect(
                try await db.call(
                    "BatchGetItem",
                    """
                    {"RequestItems":{"table":{"Keys":[{"p":{"S":"a"}},{"p":{"S":"gone"}}],"ProjectionExpression":"v"},\
                    "other":{"Keys":[{"p":{"S":"b"}}]}}}
                    """)
                    == #"{"Responses":{"table":[{"v":{"N":"1"}}],"other":[{"p":{"S":"b"}}]},"UnprocessedKeys":{}}"#)
        }
    }

    @Test("hand back the keys that no longer fit into 16 MB")
    func unprocessed() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let text = String(repeating: "x", count: 400_000)
            for number in 0..<45 { try await db.put(#"{"p":{"S":"\#(number)"},"v":{"S":"\#(text)"}}"#) }
            let keys = (0..<45).map { #"{"p":{"S":"\#($0)"}}"# }.joined(separator: ",")
            let output = try await db.host.call(
                "dynamodb", "BatchGetItem",
                #"{"RequestItems":{"table":{"Keys":[\#(keys)],"ConsistentRead":true,"ProjectionExpression":"p"}}}"#)
            let left = try #require(output["UnprocessedKeys"]?["table"])
            #expect(Array(left["Keys"]?.elements ?? .none).count == 3)
            #expect(left["ConsistentRead"]?.bool == true)
        }
    }

    @Test(
        "are refused with AWS's words",
        arguments: [
            (
                "BatchGetItem", #"{"RequestItems":{"table":{"Keys":[{"p":{"S":"a"}},{"p":{"S":"a"}}]}}}"#,
                "Provided list of item keys contains duplicates"
            ),
            (
                "BatchWriteItem",
                #"{"RequestItems":{"table":[{"PutRequest":{"Item":{"p":{"S":"a"}}}},{"DeleteRequest":{"Key":{"p":{"S":"a"}}}}]}}"#,
                "Provided list of item keys contains duplicates"
            ),
            (
                "TransactWriteItems", #"{"TransactItems":[{"Delete":{"TableName":"table","Key":{"p":{"S":""}}}}]}"#,
                "One or more parameter values are not valid. "
                    + "The AttributeValue for a key attribute cannot contain an empty string value. Key: p"
            ),
            (
                "TransactWriteItems",
                #"{"TransactItems":[{"Put":{"TableName":"table","Item":{"p":{"S":""},"v":{"S":"a"}}}}]}"#,
                "One or more parameter values are not valid. "
                    + "The AttributeValue for a key attribute cannot contain an empty string value. Key: p"
            ),
        ])
    func refusals(operation: String, input: String, message: String) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            #expect(try await db.error(operation, input) == "ValidationException: \(message)")
        }
    }
}
