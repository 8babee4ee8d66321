import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Keys of several attributes")
struct CompositeKeyTests {
    private static func element(_ name: String, _ type: String) -> String {
        #"{"AttributeName":"\#(name)","KeyType":"\#(type)"}"#
    }

    /// A table whose global index has these attributes in either part of its key; names of numbers begin with `n`.
    private static func design(_ partitions: [String], _ sorts: [String], swapped: Bool = false) -> String {
        let names = Set(["p"] + partitions + sorts).sorted()
        let definitions = names.map {
            #"{"AttributeName":"\#($0)","AttributeType":"\#($0.hasPrefix("n") ? "N" : "S")"}"#
        }
        var elements = partitions.map { element($0, "HASH") } + sorts.map { element($0, "RANGE") }
        if swapped { elements.swapAt(1, elements.count - 1) }
        return """
            {"TableName":"table","BillingMode":"PAY_PER_REQUEST",\
            "AttributeDefinitions":[\(definitions.joined(separator: ","))],"KeySchema":[\(element("p", "HASH"))],\
            "GlobalSecondaryIndexes":[{"IndexName":"index","KeySchema":[\(elements.joined(separator: ","))],\
            "Projection":{"ProjectionType":"ALL"}}]}
            """
    }

    private static func query(_ condition: String, _ values: String, more: String = "") -> String {
        #"{"TableName":"table","IndexName":"index","KeyConditionExpression":"\#(condition)","ExpressionAttributeValues":\#(values)\#(more)}"#
    }

    /// The partition keys of the items found, in their order.
    private static func found(_ db: DynamoDBHost, _ query: String) async throws -> [String] {
        let output = try await db.host.call("dynamodb", "Query", query)
        return (output["Items"]?.elements ?? .none).compactMap { $0["p"]?["S"]?.string }
    }

    private static func fill(_ db: DynamoDBHost) async throws {
        try await db.call("CreateTable", design(["a", "b"], ["n", "s"]))
        for number in [-5, 2, 10] {
            for text in ["x", "xy", "z"] {
                let key = #""a":{"S":"1"},"b":{"S":"2"},"n":{"N":"\#(number)"},"s":{"S":"\#(text)"}"#
                try await db.put(#"{"p":{"S":"\#(number)\#(text)"},\#(key)}"#)
            }
        }
        // Another partition whose attributes run together alike, and items that lack one.
        try await db.put(#"{"p":{"S":"other"},"a":{"S":"12"},"b":{"S":"3"},"n":{"N":"2"},"s":{"S":"x"}}"#)
        try await db.put(#"{"p":{"S":"sparse"},"a":{"S":"1"},"b":{"S":"2"},"n":{"N":"2"}}"#)
    }

    private static let both = #"":a":{"S":"1"},":b":{"S":"2"}"#

    @Test("order a global index attribute by attribute, and bound it from the first of them on")
    func queries() async throws {
        try await DynamoDBHost.with { db in
            try await Self.fill(db)
            let all = ["-5x", "-5xy", "-5z", "2x", "2xy", "2z", "10x", "10xy", "10z"]
            let partition = "a = :a AND b = :b"
            #expect(try await Self.found(db, Self.query(partition, "{\(Self.both)}")) == all)
            #expect(
                try await Self.found(db, Self.query(partition, "{\(Self.both)}", more: #","ScanIndexForward":false"#))
                    == all.reversed())
            for (condition, expected) in [
                (" AND n = :n", ["2x", "2xy", "2z"]), (" AND n > :n", ["10x", "10xy", "10z"]),
                (" AND n <= :n", Array(all[..<6])), (" AND n = :n AND s = :s", ["2xy"]),
                (" AND s < :s AND n = :n", ["2x"]), (" AND n = :n AND s >= :s", ["2xy", "2z"]),
                (" AND n = :n AND begins_with(s, :x)", ["2x", "2xy"]),
                (" AND n = :n AND s BETWEEN :s AND :z", ["2xy", "2z"]),
            ] {
                let values = [
                    (":n", #"{"N":"2"}"#), (":s", #"{"S":"xy"}"#), (":x", #"{"S":"x"}"#), (":z", #"{"S":"z"}"#),
                ]
                let used = values.filter { condition.contains($0.0) }.map { #","\#($0.0)":\#($0.1)"# }.joined()
                let found = try await Self.found(db, Self.query(partition + condition, "{\(Self.both)\(used)}"))
                #expect(found == expected, "\(condition)")
            }
            let select = #"{"Statement":"SELECT p FROM \"table\".\"index\" WHERE a = '1' AND b = '2' AND n = 10"}"#
            let output = try await db.host.call("dynamodb", "ExecuteStatement", select)
            #expect(
                (output["Items"]?.elements ?? .none).compactMap { $0["p"]?["S"]?.string } == ["10x", "10xy", "10z"])
        }
    }

    @Test("are described, kept and paged through as they were given")
    func pages() async throws {
        try await TemporaryFolder.with { folder in
            try await DynamoDBHost.with(folder: folder) { db in try await Self.fill(db) }
            try await DynamoDBHost.with(folder: folder) { db in
                let described = try await db.call("DescribeTable", #"{"TableName":"table"}"#)
                let elements = [("a", "HASH"), ("b", "HASH"), ("n", "RANGE"), ("s", "RANGE")].map(Self.element)
                #expect(described.contains(#""KeySchema":[\#(elements.joined(separator: ","))]"#))
                var seen: [String] = []
                var start = ""
                repeat {
                    let query = Self.query("a = :a AND b = :b", "{\(Self.both)}", more: #","Limit":2\#(start)"#)
                    seen += try await Self.found(db, query)
                    let last = try await db.host.call("dynamodb", "Query", query)["LastEvaluatedKey"]
                    start = last.map { #","ExclusiveStartKey":\#(String(decoding: $0.rawBytes, as: UTF8.self))"# } ?? ""
                } while !start.isEmpty
                #expect(seen.count == 9 && Set(seen).count == 9)
                try await db.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"2x"}}}"#)
                #expect(try await !Self.found(db, Self.query("a = :a AND b = :b", "{\(Self.both)}")).contains("2x"))
            }
        }
    }

    @Test("must be equal in the partition, and without a gap in the order")
    func refusedConditions() async throws {
        try await DynamoDBHost.with { db in
            try await Self.fill(db)
            for (condition, fault) in [
                ("a = :a", "All HASH key attributes"), ("a = :a AND b > :b", "All HASH key attributes"),
                (
                    "a = :a AND b = :b AND s = :s",
                    "RANGE key attributes n must have equality conditions specified in the query because a condition is "
                        + "present on key attribute s"
                ), ("a = :a AND b = :b AND n > :n AND s = :s", "RANGE key attributes n must have equality"),
                ("a = :a AND b = :b AND n = :s", "Condition parameter type"),
            ] {
                let values = ([":a", ":b"].map { #""\#($0)":{"S":"1"}"# } + [#"":n":{"N":"2"}"#, #"":s":{"S":"x"}"#])
                    .filter { condition.contains($0.dropFirst().prefix(2)) }
                let query = Self.query(condition, "{\(values.joined(separator: ","))}")
                let found = try await db.error("Query", query)
                #expect(found.hasPrefix("ValidationException") && found.contains(fault), "\(condition): \(found)")
            }
            #expect(
                try await db.error("PutItem", #"{"TableName":"table","Item":{"p":{"S":"1"},"b":{"N":"1"}}}"#)
                    .contains("Type mismatch for Index Key b"))
        }
    }

    @Test("are at most four in either part of a global index, each once, those of the partition first")
    func refusedSchemas() async throws {
        let five = ["a", "b", "c", "d", "e"]
        for (design, fault) in [
            (Self.design(five, []), "HASH key elements exceeds"),
            (Self.design(["z"], five), "RANGE key elements exceeds"),
            (Self.design(["a", "b"], ["c"], swapped: true), "All HASH key elements must precede all RANGE"),
            (Self.design(["a", "a"], []), "have the same name"),
        ] {
            try await DynamoDBHost.with { db in
                let found = try await db.error("CreateTable", design)
                #expect(found.hasPrefix("ValidationException") && found.contains(fault), "\(found)")
            }
        }
        try await DynamoDBHost.with { db in
            let four = Self.design(["a", "b", "c", "d"], ["e", "f", "g", "h"])
            try await db.call("CreateTable", four)
        }
    }
}
