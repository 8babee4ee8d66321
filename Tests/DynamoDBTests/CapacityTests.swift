import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Provisioned capacity")
struct CapacityTests {
    private static let exceeded =
        "ProvisionedThroughputExceededException: The level of configured provisioned throughput "

    private static func withTable(
        read: Int = 1, write: Int = 1, index: String = "", _ body: (DynamoDBHost) async throws -> Void
    ) async throws {
        try await DynamoDBHost.with { db in
            let attribute = index.isEmpty ? "" : #",{"AttributeName":"g","AttributeType":"S"}"#
            try await db.call(
                "CreateTable",
                """
                {"TableName":"table","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}\(attribute)],\
                "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],\
                "ProvisionedThroughput":{"ReadCapacityUnits":\(read),"WriteCapacityUnits":\(write)}\(index)}
                """)
            try await body(db)
        }
    }

    private static func index(write: Int) -> String {
        """
        ,"GlobalSecondaryIndexes":[{"IndexName":"ix1","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],\
        "Projection":{"ProjectionType":"ALL"},\
        "ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":\(write)}}]
        """
    }

    /// Writes items of 100 KiB, 100 units each, until one is refused.
    private static func writesUntilRefused(_ db: DynamoDBHost, more: String = "") async throws -> (Int, String) {
        let text = String(repeating: "x", count: 99 << 10)
        for count in 0..<20 {
            let error = try await db.error(
                "PutItem", #"{"TableName":"table","Item":{"p":{"S":"\#(count)"},"t":{"S":"\#(text)"}\#(more)}}"#)
            if error != "none" { return (count, error) }
        }
        return (20, "none")
    }

    @Test("lets five minutes' units through at once, then refuses until some have flown in")
    func burst() async throws {
        try await Self.withTable(write: 1) { db in
            let (count, error) = try await Self.writesUntilRefused(db)
            #expect(count == 3)
            #expect(error.hasPrefix(Self.exceeded + "for the table was exceeded."))
            #expect(try await db.item(#"{"p":{"S":"3"}}"#) == "none")
            db.clock.advance(by: .seconds(1))
            try await db.put(#"{"p":{"S":"small"}}"#)
            #expect(
                try await db.error("PutItem", #"{"TableName":"table","Item":{"p":{"S":"b"}}}"#).hasPrefix(Self.exceeded)
            )
        }
    }

    @Test("of an index refuses writes that touch it, and undoes them")
    func indexCapacity() async throws {
        try await Self.withTable(write: 100, index: Self.index(write: 1)) { db in
            let (count, error) = try await Self.writesUntilRefused(db, more: #","g":{"S":"g"}"#)
            #expect(count == 3)
            #expect(error.hasPrefix(Self.exceeded + "for one or more global secondary indexes"))
            #expect(try await db.item(#"{"p":{"S":"3"}}"#) == "none")
            try await db.put(#"{"p":{"S":"not indexed"}}"#)
        }
    }

    @Test("refuses reads by itself, hands back what a batch cannot read, and refuses transactions with a reason")
    func reads() async throws {
        try await Self.withTable(read: 1, write: 1) { db in
            try await db.put(#"{"p":{"S":"a"},"t":{"S":"\#(String(repeating: "x", count: 390 << 10))"}}"#)
            let get = #"{"TableName":"table","Key":{"p":{"S":"a"}},"ConsistentRead":true}"#
            for _ in 0..<4 { try await db.call("GetItem", get) }
            #expect(try await db.error("GetItem", get).hasPrefix(Self.exceeded))
            #expect(try await db.error("Scan", #"{"TableName":"table"}"#).hasPrefix(Self.exceeded))
            #expect(
                try await db.error("ExecuteStatement", #"{"Statement":"SELECT * FROM \"table\""}"#)
                    .hasPrefix(Self.exceeded))
            #expect(
                try await db.error(
                    "BatchGetItem", #"{"RequestItems":{"table":{"Keys":[{"p":{"S":"a"}}]}}}"#
                ).hasPrefix(Self.exceeded))
            // The write took 391 of 300 units.
            #expect(
                try await db.error("TransactWriteItems", #"{"TransactItems":[\#(TransactionTests.put("z"))]}"#)
                    .contains("[ProvisionedThroughputExceeded]"))
            #expect(
                try await db.error(
                    "BatchWriteItem", #"{"RequestItems":{"table":[{"PutRequest":{"Item":{"p":{"S":"b"}}}}]}}"#
                ).hasPrefix(Self.exceeded))
            try await db.createTable("free")
            let batch = """
                {"RequestItems":{"free":[{"PutRequest":{"Item":{"p":{"S":"b"}}}}],\
                "table":[{"PutRequest":{"Item":{"p":{"S":"b"}}}}]}}
                """
            #expect(
                try await db.call("BatchWriteItem", batch)
                    == #"{"UnprocessedItems":{"table":[{"PutRequest":{"Item":{"p":{"S":"b"}}}}]}}"#)
        }
    }

    @Test("changes between the modes by AWS's rules")
    func modes() async throws {
        try await Self.withTable(index: Self.index(write: 1)) { db in
            func update(_ more: String) -> String { #"{"TableName":"table",\#(more)}"# }
            let onDemand = update(#""BillingMode":"PAY_PER_REQUEST""#)
            let throughput = #""ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5}"#
            let provisioned = update(
                #""BillingMode":"PROVISIONED",\#(throughput),"GlobalSecondaryIndexUpdates":[{"Update":{"IndexName":"ix1",\#(throughput)}}]"#
            )
            try await db.call("UpdateTable", onDemand)
            #expect(
                try await db.error("UpdateTable", update(#""BillingMode":"PROVISIONED",\#(throughput)"#))
                    == "ValidationException: One or more parameter values were invalid: ProvisionedThroughput must be "
                    + "specified for index: ix1")
            for _ in 0..<3 {
                try await db.call("UpdateTable", provisioned)
                try await db.call("UpdateTable", onDemand)
            }
            try await db.call("UpdateTable", provisioned)
            #expect(try await db.error("UpdateTable", onDemand).hasPrefix("LimitExceededException: Subscriber limit"))
            db.clock.advance(by: .seconds(86401))
            try await db.call("UpdateTable", onDemand)
        }
    }

    @Test("can be lowered four times a day, and then once an hour")
    func decreases() async throws {
        try await Self.withTable(read: 50, write: 1) { db in
            func set(_ read: Int) -> String {
                #"{"TableName":"table","ProvisionedThroughput":{"ReadCapacityUnits":\#(read),"WriteCapacityUnits":1}}"#
            }
            for read in [40, 30, 20, 10] { try await db.call("UpdateTable", set(read)) }
            #expect(
                try await db.error("UpdateTable", set(5)).hasPrefix(
                    "LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases are limited"))
            #expect(
                try await db.call("DescribeTable", #"{"TableName":"table"}"#).contains(#""NumberOfDecreasesToday":4"#))
            db.clock.advance(by: .seconds(3600))
            try await db.call("UpdateTable", set(5))
        }
    }
}
