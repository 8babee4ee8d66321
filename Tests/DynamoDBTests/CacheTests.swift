import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("The cache of tables")
struct CacheTests {
    private static let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/table"
    private static let get = #"{"TableName":"table","Key":{"p":{"S":"a"}}}"#
    private static let query = """
        {"TableName":"table","KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"a"}}}
        """

    private static func tags(_ value: String) -> String { #","Tags":[{"Key":"apus:cache","Value":"\#(value)"}]"# }

    @Test("answers items read before, without the storage")
    func hits() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("300"))
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"1"},"m":{"M":{"x":{"S":"y"}}}}"#)
            #expect(db.tables.cache.statistics.entries == 1, "a write goes through the cache")
            let whole = #"{"Item":{"m":{"M":{"x":{"S":"y"}}},"n":{"N":"1"},"p":{"S":"a"}}}"#
            #expect(try await db.call("GetItem", Self.get) == whole)
            let projected = String(Self.get.dropLast()) + #","ProjectionExpression":"m.x"}"#
            #expect(try await db.call("GetItem", projected) == #"{"Item":{"m":{"M":{"x":{"S":"y"}}}}}"#)
            #expect(db.tables.cache.statistics.items == CacheStatistics.Lookups(hits: 2, misses: 0))
        }
    }

    @Test("leaves tables without the tag alone, and those whose tag says off")
    func untagged() async throws {
        try await DynamoDBHost.with { db in
            for (name, more) in [("table", ""), ("other", Self.tags("off"))] {
                try await db.createTable(name, more: more)
                try await db.put(#"{"p":{"S":"a"}}"#, in: name)
                try await db.call("GetItem", #"{"TableName":"\#(name)","Key":{"p":{"S":"a"}}}"#)
                try await db.call("Scan", #"{"TableName":"\#(name)"}"#)
            }
            #expect(db.tables.cache.statistics == CacheStatistics())
        }
    }

    @Test("takes no part in strongly consistent reads and in transactions")
    func consistentReads() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("1h"))
            for operation in ["GetItem", "Query", "Scan", "BatchGetItem"] {
                let request =
                    switch operation {
                    case "GetItem": Self.get
                    case "Query": Self.query
                    case "Scan": #"{"TableName":"table"}"#
                    default: #"{"RequestItems":{"table":{"Keys":[{"p":{"S":"a"}}]}}}"#
                    }
                let consistent =
                    operation == "BatchGetItem"
                    ? request.replacing(#""Keys""#, with: #""ConsistentRead":true,"Keys""#)
                    : request.dropLast() + #","ConsistentRead":true}"#
                try await db.call(operation, String(consistent))
            }
            try await db.call(
                "TransactGetItems", #"{"TransactItems":[{"Get":{"TableName":"table","Key":{"p":{"S":"a"}}}}]}"#)
            #expect(db.tables.cache.statistics == CacheStatistics())
        }
    }

    @Test("remembers that there is no such item, until there is one")
    func absentItems() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("300s"))
            for _ in 0..<2 { #expect(try await db.call("GetItem", Self.get) == "{}") }
            #expect(db.tables.cache.statistics.items == CacheStatistics.Lookups(hits: 1, misses: 1))
            try await db.put(#"{"p":{"S":"a"}}"#)
            #expect(try await db.call("GetItem", Self.get) == #"{"Item":{"p":{"S":"a"}}}"#)
        }
    }

    @Test(
        "shows every acknowledged write, whatever way it came",
        arguments: [
            ("PutItem", #"{"TableName":"table","Item":{"p":{"S":"a"},"n":{"N":"2"}}}"#, true),
            (
                "UpdateItem",
                #"{"TableName":"table","Key":{"p":{"S":"a"}},"UpdateExpression":"ADD n :o","ExpressionAttributeValues":{":o":{"N":"1"}}}"#,
                true
            ),
            ("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"a"}}}"#, false),
            (
                "BatchWriteItem",
                #"{"RequestItems":{"table":[{"PutRequest":{"Item":{"p":{"S":"a"},"n":{"N":"2"}}}}]}}"#,
                true
            ),
            ("BatchWriteItem", #"{"RequestItems":{"table":[{"DeleteRequest":{"Key":{"p":{"S":"a"}}}}]}}"#, false),
            (
                "TransactWriteItems",
                #"{"TransactItems":[{"Put":{"TableName":"table","Item":{"p":{"S":"a"},"n":{"N":"2"}}}}]}"#, true
            ),
            (
                "TransactWriteItems",
                #"{"TransactItems":[{"Delete":{"TableName":"table","Key":{"p":{"S":"a"}}}}]}"#, false
            ),
            ("ExecuteStatement", #"{"Statement":"UPDATE \"table\" SET n = 2 WHERE p = 'a'"}"#, true),
            ("ExecuteStatement", #"{"Statement":"DELETE FROM \"table\" WHERE p = 'a'"}"#, false),
            (
                "BatchExecuteStatement",
                #"{"Statements":[{"Statement":"UPDATE \"table\" SET n = 2 WHERE p = 'a'"}]}"#, true
            ),
            (
                "ExecuteTransaction",
                #"{"TransactStatements":[{"Statement":"UPDATE \"table\" SET n = 2 WHERE p = 'a'"}]}"#, true
            ),
        ])
    func writePaths(operation: String, request: String, remains: Bool) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("1h"))
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"1"}}"#)
            #expect(try await db.call("GetItem", Self.get) == #"{"Item":{"n":{"N":"1"},"p":{"S":"a"}}}"#)
            try await db.call(operation, request)
            let expected = remains ? #"{"Item":{"n":{"N":"2"},"p":{"S":"a"}}}"# : "{}"
            #expect(try await db.call("GetItem", Self.get) == expected)
            #expect(try await db.call("GetItem", Self.get) == expected)
            let batch = try await db.call(
                "BatchGetItem", #"{"RequestItems":{"table":{"Keys":[{"p":{"S":"a"}},{"p":{"S":"b"}}]}}}"#)
            #expect(batch.contains(#""n":{"N":"2"}"#) == remains)
            #expect(db.tables.cache.statistics.items.hits >= 2)
        }
    }

    @Test("forgets items whose time to live is over")
    func expiredItems() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("1h"))
            try await db.call(
                "UpdateTimeToLive",
                #"{"TableName":"table","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"end"}}"#)
            try await db.put(#"{"p":{"S":"a"},"end":{"N":"\#(db.clock.now.seconds - 10)"}}"#)
            #expect(try await db.call("GetItem", Self.get).contains("end"))
            try await ExpiryReaper(tables: db.tables).run(at: db.clock.now)
            #expect(try await db.call("GetItem", Self.get) == "{}")
        }
    }

    @Test("shows what came from another region")
    func replication() async throws {
        try await DynamoDBHost.with { db in
            let europe = db.at("eu-west-1")
            try await db.createTable()
            try await GlobalTableTests.addReplica("eu-west-1", db)
            let arn = Self.arn.replacing("us-east-1", with: "eu-west-1")
            try await europe.call("TagResource", #"{"ResourceArn":"\#(arn)"\#(Self.tags("1h"))}"#)
            for number in 1...2 {
                try await db.put(#"{"p":{"S":"a"},"n":{"N":"\#(number)"}}"#)
                try await db.settleReplicas()
                let found = try await europe.call("GetItem", Self.get)
                #expect(found.contains(#""n":{"N":"\#(number)"}"#))
            }
            try await db.call("DeleteItem", Self.get)
            try await db.settleReplicas()
            #expect(try await europe.call("GetItem", Self.get) == "{}")
            #expect(db.tables.cache.statistics.items == CacheStatistics.Lookups(hits: 2, misses: 1))
        }
    }

    @Test("forgets a table with its deletion")
    func recreatedTable() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("1h"))
            try await db.put(#"{"p":{"S":"a"}}"#)
            try await db.call("Query", Self.query)
            try await db.call("DeleteTable", #"{"TableName":"table"}"#)
            #expect(try await db.error("GetItem", Self.get).hasPrefix("ResourceNotFoundException"))
            #expect(try await db.error("Query", Self.query).hasPrefix("ResourceNotFoundException"))
            try await db.createTable(more: Self.tags("1h"))
            #expect(try await db.call("GetItem", Self.get) == "{}")
            #expect(try await db.call("Query", Self.query) == #"{"Items":[],"Count":0,"ScannedCount":0}"#)
        }
    }

    @Test("keeps what is read for the time the tag says, and is empty after it")
    func time() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("5m"))
            try await db.put(#"{"p":{"S":"a"}}"#)
            try await db.call("GetItem", Self.get)
            db.clock.advance(by: .seconds(299))
            try await db.call("GetItem", Self.get)
            #expect(db.tables.cache.statistics.items == CacheStatistics.Lookups(hits: 2, misses: 0))
            db.clock.advance(by: .seconds(1))
            try await db.call("GetItem", Self.get)
            #expect(db.tables.cache.statistics.items == CacheStatistics.Lookups(hits: 2, misses: 1))
            db.clock.advance(by: .seconds(300))
            db.tables.cache.sweep(keeping: db.tables.catalog.all)
            #expect(db.tables.cache.statistics.entries == 0 && db.tables.cache.statistics.bytes == 0)
            #expect(db.tables.cache.statistics.evictions == 0)
        }
    }

    @Test("lets go of a table's items once its tag is removed")
    func removedTag() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("1h"))
            try await db.put(#"{"p":{"S":"a"}}"#)
            db.tables.cache.sweep(keeping: db.tables.catalog.all)
            #expect(db.tables.cache.statistics.entries == 1)
            let arn = "arn:aws:dynamodb:us-east-1:\(TestHost.account):table/table"
            try await db.call("UntagResource", #"{"ResourceArn":"\#(arn)","TagKeys":["apus:cache"]}"#)
            db.tables.cache.sweep(keeping: db.tables.catalog.all)
            #expect(db.tables.cache.statistics.entries == 0)
        }
    }

    @Test("answers queries and scans as before until their time is over, as DAX does", arguments: ["Query", "Scan"])
    func pages(operation: String) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("60"))
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"1"}}"#)
            let more = #","Limit":1,"ReturnConsumedCapacity":"TOTAL"}"#
            let request = (operation == "Query" ? Self.query : #"{"TableName":"table"}"#).dropLast() + more
            let first = try await db.call(operation, String(request))
            // A query that found its one item is at the end; a scan is not.
            let last = operation == "Query" ? "" : #""LastEvaluatedKey":{"p":{"S":"a"}},"#
            #expect(
                first == """
                    {"Items":[{"n":{"N":"1"},"p":{"S":"a"}}],"Count":1,"ScannedCount":1,\
                    \(last)"ConsumedCapacity":{"TableName":"table","CapacityUnits":0.5}}
                    """)
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"2"}}"#)
            #expect(try await db.call(operation, String(request)) == first)
            #expect(db.tables.cache.statistics.pages == CacheStatistics.Lookups(hits: 1, misses: 1))
            #expect(
                try await db.call(operation, request.dropLast() + #","ConsistentRead":true}"#).contains(#""N":"2""#))
            db.clock.advance(by: .seconds(60))
            #expect(try await db.call(operation, String(request)).contains(#""N":"2""#))
        }
    }

    @Test("tells a query from a scan of the same words")
    func kindsOfPages() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("60"))
            for key in ["a", "b"] { try await db.put(#"{"p":{"S":"\#(key)"}}"#) }
            #expect(try await db.call("Query", Self.query).contains(#""Count":1"#))
            // What a scan does not know is no part of it.
            #expect(try await db.error("Scan", Self.query).hasPrefix("ValidationException"))
        }
    }

    @Test("ends with the tag, and begins anew with another")
    func changedTag() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("1h"))
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"1"}}"#)
            try await db.call("Query", Self.query)
            try await db.call("UntagResource", #"{"ResourceArn":"\#(Self.arn)","TagKeys":["apus:cache"]}"#)
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"2"}}"#)
            #expect(try await db.call("GetItem", Self.get).contains(#""N":"2""#))
            let tag = #"{"ResourceArn":"\#(Self.arn)"\#(Self.tags("2h"))}"#
            try await db.call("TagResource", tag)
            #expect(try await db.call("GetItem", Self.get).contains(#""N":"2""#))
            #expect(try await db.call("Query", Self.query).contains(#""N":"2""#))
        }
    }

    @Test(
        "refuses tags that say nothing",
        arguments: ["", "0", "25h", "5x", "-5", "1.5m", "My_Cluster", "a--b", "999999"])
    func invalidTags(value: String) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            let tag = #"{"ResourceArn":"\#(Self.arn)"\#(Self.tags(value))}"#
            #expect(try await db.error("TagResource", tag).hasPrefix("ValidationException: One or more parameter"))
        }
    }

    @Test("takes its times from the cluster that the tag names, as long as there is one")
    func clusters() async throws {
        try await DynamoDBHost.with { db in
            let clusters = db.clusters
            try await db.createTable(more: Self.tags("my-cluster"))
            try await db.put(#"{"p":{"S":"a"}}"#)
            try await db.call("GetItem", Self.get)
            #expect(db.tables.cache.statistics == CacheStatistics(), "there is no such cluster")
            func set(_ times: CacheTimes?) {
                let named = times.map { ["my-cluster": $0] } ?? [:]
                clusters.set(named, account: TestHost.account, region: "us-east-1")
            }
            set(CacheTimes(items: .seconds(10), pages: nil))
            for _ in 0..<2 {
                try await db.call("GetItem", Self.get)
                try await db.call("Query", Self.query)
            }
            db.clock.advance(by: .seconds(10))
            try await db.call("GetItem", Self.get)
            db.clock.advance(by: .seconds(1_000_000))
            try await db.call("Query", Self.query)
            #expect(db.tables.cache.statistics.items == CacheStatistics.Lookups(hits: 1, misses: 2))
            #expect(db.tables.cache.statistics.pages == CacheStatistics.Lookups(hits: 2, misses: 1))
            set(CacheTimes(items: .seconds(10), pages: .seconds(1)))
            try await db.call("Query", Self.query)
            #expect(db.tables.cache.statistics.pages.misses == 2, "a shorter time counts for what is there already")
            set(nil)
            // While there is no cluster a write still drops what it left.
            try await db.put(#"{"p":{"S":"a"},"n":{"N":"2"}}"#)
            set(CacheTimes(items: nil, pages: nil))
            #expect(try await db.call("GetItem", Self.get).contains(#""N":"2""#))
        }
    }

    @Test("costs a provisioned table what reads without it cost")
    func capacity() async throws {
        try await DynamoDBHost.with { db in
            try await db.call(
                "CreateTable",
                """
                {"TableName":"table","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":5},\
                "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],\
                "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]\(Self.tags("1h"))}
                """)
            try await db.put(#"{"p":{"S":"a"}}"#)
            // Three hundred units are there at the beginning: six hundred eventually consistent reads.
            for _ in 0..<300 { try await db.call("GetItem", Self.get) }
            for _ in 0..<300 { try await db.call("Query", Self.query) }
            for (operation, request) in [("GetItem", Self.get), ("Query", Self.query)] {
                #expect(try await db.error(operation, request).hasPrefix("ProvisionedThroughputExceededException"))
            }
        }
    }

    @Test("is seen in the metrics")
    func metrics() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: Self.tags("1h"))
            for _ in 0..<3 { try await db.call("GetItem", Self.get) }
            let lines = db.host.host.metrics.exposition().split(separator: "\n")
            #expect(lines.contains(#"apus_tables_cache_hits_total{cache="item"} 2.0"#))
            #expect(lines.contains(#"apus_tables_cache_misses_total{cache="item"} 1.0"#))
            #expect(lines.contains("apus_tables_cache_entries{} 1.0"))
        }
    }
}
