import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("Query and Scan")
struct QueryTests {
    /// The values of one attribute in an answer, in order.
    static func values(_ json: String, _ attribute: String = "c") throws -> [String] {
        let items = try JSONDocument(Array(json.utf8)).root["Items"]
        guard let items else { return [] }
        return items.elements.compactMap { item in
            guard let value = item[attribute] else { return nil }
            return Array(value.members).first?.value.string
        }
    }

    static func query(_ db: DynamoDBHost, _ condition: String, _ values: String, more: String = "") async throws
        -> String
    {
        try await db.call(
            "Query",
            """
            {"TableName":"table","KeyConditionExpression":"\(condition)","ExpressionAttributeValues":{\(values)}\(more)}
            """)
    }

    @Test("find the items of a partition in the order of the sort key, by every test of it")
    func sortKeyTests() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N")
            for number in ["-2", "10", "0", "1.5", "-100", "9"] {
                try await db.put(#"{"p":{"S":"a"},"c":{"N":"\#(number)"}}"#)
                try await db.put(#"{"p":{"S":"b"},"c":{"N":"\#(number)"}}"#)
            }
            let p = #"":p":{"S":"a"}"#
            let cases: [(String, String, [String])] = [
                ("p = :p", "", ["-100", "-2", "0", "1.5", "9", "10"]),
                ("p = :p AND c = :x", #",":x":{"N":"9.0"}"#, ["9"]),
                ("p = :p AND c < :x", #",":x":{"N":"0"}"#, ["-100", "-2"]),
                ("p = :p AND c <= :x", #",":x":{"N":"0"}"#, ["-100", "-2", "0"]),
                ("c > :x AND p = :p", #",":x":{"N":"1.5"}"#, ["9", "10"]),
                (":x <= c AND p = :p", #",":x":{"N":"1.5"}"#, ["1.5", "9", "10"]),
                ("p = :p AND c BETWEEN :x AND :y", #",":x":{"N":"-2"},":y":{"N":"9"}"#, ["-2", "0", "1.5", "9"]),
            ]
            for (condition, more, expected) in cases {
                let values = p + more
                #expect(try Self.values(await Self.query(db, condition, values)) == expected)
                #expect(
                    try Self.values(await Self.query(db, condition, values, more: #","ScanIndexForward":false"#))
                        == expected.reversed())
            }
        }
    }

    @Test("order strings by bytes and find prefixes")
    func prefixes() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "S")
            for text in ["a", "ab", "abc", "b", "aé", "A", "a\\u0000", "a\\u0000b"] {
                try await db.put(#"{"p":{"S":"a"},"c":{"S":"\#(text)"}}"#)
            }
            let all = try Self.values(await Self.query(db, "p = :p", #"":p":{"S":"a"}"#))
            #expect(all == ["A", "a", "a\0", "a\0b", "ab", "abc", "aé", "b"])
            let found = try await Self.query(db, "p = :p AND begins_with(c, :x)", #"":p":{"S":"a"},":x":{"S":"ab"}"#)
            #expect(try Self.values(found) == ["ab", "abc"])
        }
    }

    @Test("come page by page, in both directions, without loss or repetition")
    func pages() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N")
            for number in 0..<25 { try await db.put(#"{"p":{"S":"a"},"c":{"N":"\#(number)"}}"#) }
            for forward in [true, false] {
                var seen: [String] = []
                var start = ""
                for _ in 0..<10 {
                    let page = try await Self.query(
                        db, "p = :p", #"":p":{"S":"a"}"#, more: #","Limit":7,"ScanIndexForward":\#(forward)\#(start)"#)
                    seen += try Self.values(page)
                    guard let last = try JSONDocument(Array(page.utf8)).root["LastEvaluatedKey"] else { break }
                    start = #","ExclusiveStartKey":\#(String(decoding: last.rawBytes, as: UTF8.self))"#
                }
                let expected = (0..<25).map(String.init)
                #expect(seen == (forward ? expected : expected.reversed()))
            }
        }
    }

    @Test("end a page at 1 MB")
    func pageSize() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N")
            let text = String(repeating: "x", count: 300_000)
            for number in 0..<5 { try await db.put(#"{"p":{"S":"a"},"c":{"N":"\#(number)"},"v":{"S":"\#(text)"}}"#) }
            let page = try await Self.query(db, "p = :p", #"":p":{"S":"a"}"#, more: #","Select":"COUNT""#)
            #expect(page == #"{"Count":4,"ScannedCount":4,"LastEvaluatedKey":{"c":{"N":"3"},"p":{"S":"a"}}}"#)
        }
    }

    @Test("filter what they read")
    func filters() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N")
            for number in 0..<6 {
                try await db.put(#"{"p":{"S":"a"},"c":{"N":"\#(number)"},"v":{"N":"\#(number % 2)"}}"#)
            }
            let page = try await Self.query(
                db, "p = :p", #"":p":{"S":"a"},":v":{"N":"1"}"#,
                more: #","FilterExpression":"v = :v","ProjectionExpression":"c","Limit":4"#)
            #expect(
                page
                    == #"{"Items":[{"c":{"N":"1"}},{"c":{"N":"3"}}],"Count":2,"ScannedCount":4,"LastEvaluatedKey":{"c":{"N":"3"},"p":{"S":"a"}}}"#
            )
        }
    }

    @Test("scan all items once, also by segments")
    func segments() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            for number in 0..<60 { try await db.put(#"{"p":{"S":"\#(number)"}}"#) }
            let whole = try Self.values(await db.call("Scan", #"{"TableName":"table"}"#), "p")
            #expect(Set(whole).count == 60)
            var parts: [String] = []
            for segment in 0..<7 {
                var start = ""
                repeat {
                    let page = try await db.call(
                        "Scan", #"{"TableName":"table","Segment":\#(segment),"TotalSegments":7,"Limit":3\#(start)}"#)
                    parts += try Self.values(page, "p")
                    let last = try JSONDocument(Array(page.utf8)).root["LastEvaluatedKey"]
                    start = last.map { #","ExclusiveStartKey":\#(String(decoding: $0.rawBytes, as: UTF8.self))"# } ?? ""
                } while !start.isEmpty
            }
            #expect(parts == whole, "segments follow one another in the order of the whole scan")
        }
    }

    static let indexes = """
        ,"GlobalSecondaryIndexes":[{"IndexName":"all","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},\
        {"AttributeName":"c","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}},\
        {"IndexName":"keys","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}],\
        "LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},\
        {"AttributeName":"g","KeyType":"RANGE"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["v"]}}]
        """

    @Test("read indexes, which follow every change of an item and hold only items with their key")
    func indexes() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N", more: Self.indexes)
            try await db.put(#"{"p":{"S":"a"},"c":{"N":"1"},"g":{"S":"x"},"v":{"S":"1"},"w":{"S":"hidden"}}"#)
            try await db.put(#"{"p":{"S":"b"},"c":{"N":"0"},"g":{"S":"x"}}"#)
            try await db.put(#"{"p":{"S":"c"},"c":{"N":"5"}}"#)
            func byIndex(_ name: String, _ key: String = "g", _ value: String = "x") async throws -> String {
                try await Self.query(db, "\(key) = :k", #"":k":{"S":"\#(value)"}"#, more: #","IndexName":"\#(name)""#)
            }
            #expect(try Self.values(await byIndex("all"), "p") == ["b", "a"])
            let keys = try await byIndex("keys")
            #expect(keys.contains(#"{"c":{"N":"1"},"g":{"S":"x"},"p":{"S":"a"}}"#), "no hidden attributes")
            #expect(Set(try Self.values(keys, "p")) == ["a", "b"])
            #expect(
                try await byIndex("local", "p", "a")
                    == #"{"Items":[{"c":{"N":"1"},"g":{"S":"x"},"p":{"S":"a"},"v":{"S":"1"}}],"Count":1,"ScannedCount":1}"#
            )
            try await db.put(#"{"p":{"S":"a"},"c":{"N":"1"},"g":{"S":"y"}}"#)
            #expect(try Self.values(await byIndex("all"), "p") == ["b"])
            #expect(try Self.values(await byIndex("all", "g", "y"), "p") == ["a"])
            try await db.call(
                "UpdateItem",
                #"{"TableName":"table","Key":{"p":{"S":"b"},"c":{"N":"0"}},"UpdateExpression":"REMOVE g"}"#)
            #expect(try Self.values(await byIndex("all"), "p") == [])
            try await db.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"a"},"c":{"N":"1"}}}"#)
            #expect(try Self.values(await db.call("Scan", #"{"TableName":"table","IndexName":"all"}"#), "p") == [])
        }
    }

    @Test("page through an index whose keys repeat")
    func indexPages() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(
                more: """
                    ,"GlobalSecondaryIndexes":[{"IndexName":"same","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],\
                    "Projection":{"ProjectionType":"ALL"}}]
                    """)
            for number in 0..<20 { try await db.put(#"{"p":{"S":"\#(number)"},"g":{"S":"same"}}"#) }
            var seen: Set<String> = []
            var start = ""
            var pages = 0
            repeat {
                let page = try await Self.query(
                    db, "g = :g", #"":g":{"S":"same"}"#, more: #","IndexName":"same","Limit":6\#(start)"#)
                seen.formUnion(try Self.values(page, "p"))
                let last = try JSONDocument(Array(page.utf8)).root["LastEvaluatedKey"]
                start = last.map { #","ExclusiveStartKey":\#(String(decoding: $0.rawBytes, as: UTF8.self))"# } ?? ""
                pages += 1
            } while !start.isEmpty && pages < 10
            #expect(seen.count == 20)
            #expect(pages == 4)
        }
    }

    @Test(
        "are refused with AWS's words",
        arguments: [
            (
                "Query", #"{"TableName":"table"}"#,
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
            ),
            (
                "Query",
                #"{"TableName":"table","KeyConditionExpression":"c = :c","ExpressionAttributeValues":{":c":{"N":"1"}}}"#,
                "Query condition missed key schema element: p"
            ),
            (
                "Query",
                #"{"TableName":"table","KeyConditionExpression":"p > :c","ExpressionAttributeValues":{":c":{"S":"1"}}}"#,
                "Query key condition not supported"
            ),
            (
                "Query",
                #"{"TableName":"table","KeyConditionExpression":"p = :c","ExpressionAttributeValues":{":c":{"N":"1"}}}"#,
                "One or more parameter values were invalid: Condition parameter type does not match schema type"
            ),
            (
                "Query",
                #"{"TableName":"table","KeyConditionExpression":"p = :c AND v = :c","ExpressionAttributeValues":{":c":{"S":"1"}}}"#,
                "Query condition missed key schema element: c"
            ),
            (
                "Query",
                #"{"TableName":"table","KeyConditionExpression":"p = :c","FilterExpression":"c = :c","ExpressionAttributeValues":{":c":{"S":"1"}}}"#,
                "Filter Expression can only contain non-primary key attributes: Primary key attribute: c"
            ),
            (
                "Query",
                #"{"TableName":"table","IndexName":"none","KeyConditionExpression":"p = :c","ExpressionAttributeValues":{":c":{"S":"1"}}}"#,
                "The table does not have the specified index: none"
            ),
            (
                "Query",
                #"{"TableName":"table","IndexName":"all","ConsistentRead":true,"KeyConditionExpression":"g = :c","ExpressionAttributeValues":{":c":{"S":"1"}}}"#,
                "Consistent reads are not supported on global secondary indexes"
            ),
            (
                "Query",
                #"{"TableName":"table","IndexName":"keys","Select":"ALL_ATTRIBUTES","KeyConditionExpression":"g = :c","ExpressionAttributeValues":{":c":{"S":"1"}}}"#,
                "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary "
                    + "index keys because its projection type is not ALL"
            ),
            (
                "Query",
                #"{"TableName":"table","KeyConditionExpression":"p = :c","ExpressionAttributeValues":{":c":{"S":"1"}},"ExclusiveStartKey":{"p":{"S":"2"},"c":{"N":"1"}}}"#,
                "The provided starting key is outside query boundaries based on provided conditions"
            ),
            (
                "Query",
                #"{"TableName":"table","KeyConditionExpression":"p = :p AND c > :c","ExpressionAttributeValues":{":p":{"S":"1"},":c":{"N":"1"}},"ExclusiveStartKey":{"p":{"S":"1"},"c":{"N":"1"}}}"#,
                "The provided starting key does not match the range key predicate"
            ),
            (
                "Query",
                #"{"TableName":"table","KeyConditionExpression":"p = :p AND c < :c","ExpressionAttributeValues":{":p":{"S":"1"},":c":{"N":"2"}},"ExclusiveStartKey":{"p":{"S":"2"},"c":{"N":"1"}}}"#,
                "The query can return at most one row and cannot be restarted"
            ),
            (
                "Scan", #"{"TableName":"table","Segment":3,"TotalSegments":3}"#,
                "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
                    + "Segment: 3 is not less than TotalSegments: 3"
            ),
            (
                "Scan", #"{"TableName":"table","Select":"COUNT","ProjectionExpression":"v"}"#,
                "Cannot specify the ProjectionExpression when choosing to get only the Count"
            ),
            (
                "Scan", #"{"TableName":"table","ExclusiveStartKey":{"p":{"S":"2"}}}"#,
                "The provided starting key is invalid: The provided key element does not match the schema"
            ),
        ])
    func refusals(operation: String, input: String, message: String) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N", more: Self.indexes)
            #expect(try await db.error(operation, input) == "ValidationException: \(message)")
        }
    }
}

@Suite("A local index that does not hold all")
struct FetchingIndexTests {
    private static let index = """
        ,"LocalSecondaryIndexes":[{"IndexName":"keys","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},\
        {"AttributeName":"g","KeyType":"RANGE"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}]
        """

    @Test("costs the table a read of each whole item beside its own")
    func fetches() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N", more: Self.index)
            let text = String(repeating: "x", count: 5000)
            for number in 1...3 {
                try await db.put(#"{"p":{"S":"a"},"c":{"N":"\#(number)"},"g":{"S":"g"},"t":{"S":"\#(text)"}}"#)
            }
            let query =
                #"{"TableName":"table","IndexName":"keys","KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"a"}},"ReturnConsumedCapacity":"INDEXES","#
            let own = try await db.call("Query", query + #""ConsistentRead":true}"#)
            #expect(
                own.hasSuffix(
                    #""CapacityUnits":1,"Table":{"CapacityUnits":0},"LocalSecondaryIndexes":{"keys":{"CapacityUnits":1}}}}"#
                ))
            let all = try await db.call("Query", query + #""ConsistentRead":true,"Select":"ALL_ATTRIBUTES"}"#)
            #expect(
                all.hasSuffix(
                    #""CapacityUnits":7,"Table":{"CapacityUnits":6},"LocalSecondaryIndexes":{"keys":{"CapacityUnits":1}}}}"#
                ))
            let eventual = try await db.call("Query", query + #""ProjectionExpression":"t"}"#)
            #expect(eventual.contains(#""CapacityUnits":3.5,"Table":{"CapacityUnits":3},"#))
        }
    }

    @Test("ends a page by what it fetches, each item rounded up")
    func pages() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(sort: "N", more: Self.index)
            for number in 1...300 {
                try await db.put(#"{"p":{"S":"a"},"c":{"N":"\#(number)"},"g":{"S":"g"},"t":{"S":"x"}}"#)
            }
            let query =
                #"{"TableName":"table","IndexName":"keys","KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"a"}},"#
            #expect(try await db.call("Query", query + #""Select":"COUNT"}"#) == #"{"Count":300,"ScannedCount":300}"#)
            let page = try await db.call("Query", query + #""Select":"ALL_ATTRIBUTES"}"#)
            #expect(page.contains(#""Count":255,"#) || page.contains(#""Count":256,"#))
            #expect(page.contains("LastEvaluatedKey"))
        }
    }
}

@Suite("Queries of a table without sort key")
struct OneItemQueryTests {
    private static let query =
        #"{"TableName":"table","Limit":1,"KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"a"}}"#

    @Test("find their one item and are at the end, so that there is nothing to start from")
    func oneItem() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable()
            try await db.put(#"{"p":{"S":"a"}}"#)
            #expect(
                try await db.call("Query", Self.query + "}")
                    == #"{"Items":[{"p":{"S":"a"}}],"Count":1,"ScannedCount":1}"#)
            #expect(
                try await db.error("Query", Self.query + #","ExclusiveStartKey":{"p":{"S":"a"}}}"#)
                    == "ValidationException: The provided exclusive start key is invalid: "
                    + "ExclusiveStartKey: {p=AttributeValue: {S:a}}")
        }
    }
}

@Suite("What a request says of its page")
struct PageHintTests {
    @Test(
        "is its limit, wherever it stands outside of texts",
        arguments: [
            (#"{"TableName":"t","Limit":20}"#, 20), (#"{"Limit" : 7,"TableName":"Limit"}"#, 7),
            (#"{"TableName":"\"Limit\":3"}"#, nil), (#"{"TableName":"t"}"#, nil), (#"{"Limit":null}"#, nil),
            (#"{"Limit":12345678901234567890}"#, nil), (#"{"Limit":"#, nil), ("", nil),
        ])
    func limit(body: String, limit: Int?) { #expect(PageHint.limit(in: Array(body.utf8)) == limit) }
}
