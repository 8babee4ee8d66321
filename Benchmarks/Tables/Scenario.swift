/// One operation, as it is called again and again.
struct Scenario: Sendable {
    let name: String
    let operation: String
    let workers: Int
    let requests: [Request]

    private init(
        _ name: String, workers: Int, requests count: Int = 4096, items: Int,
        _ request: (_ item: Int) -> Request
    ) {
        self.name = name
        operation = String(name.prefix { $0.isLetter })
        self.workers = workers
        requests = (0..<UInt64(count)).map { number in
            request(Int((number &* 0x9E37_79B9_7F4A_7C15) >> 20 % UInt64(items)))
        }
    }

    static func all(items: Int) -> [Scenario] {
        [
            Scenario("GetItem of 1 KB", workers: 4, items: items) {
                Request(#"{"TableName":"bench","Key":\#(Request.key($0))}"#)
            },
            Scenario("Query of 20 items", workers: 4, items: items) { query($0, limit: 20) },
            Scenario("Query of 100 items", workers: 4, items: items) { query($0, limit: 100) },
            Scenario("PutItem of 1 KB, durable", workers: 64, items: items) {
                Request(#"{"TableName":"bench","Item":\#(Request.item($0))}"#)
            },
            Scenario("UpdateItem, durable", workers: 64, items: items) {
                Request(
                    """
                    {"TableName":"bench","Key":\(Request.key($0)),"UpdateExpression":"ADD n :one",\
                    "ExpressionAttributeValues":{":one":{"N":"1"}}}
                    """)
            },
            Scenario("BatchWriteItem of 25, durable", workers: 16, requests: 512, items: items) { item in
                .batch((0..<25).map { (item + $0) % items })
            },
            Scenario("TransactWriteItems of 2, durable", workers: 64, items: items) { item in
                let puts = [item, (item + 1) % items].map {
                    #"{"Put":{"TableName":"bench","Item":\#(Request.item($0))}}"#
                }
                return Request(#"{"TransactItems":[\#(puts.joined(separator: ","))]}"#)
            },
        ]
    }

    /// Reads that visit so many places that no cache of pages holds them all.
    static func spreadReads(items: Int) -> [Scenario] {
        [
            Scenario("GetItem of 1 KB", workers: 1, requests: 1 << 17, items: items) {
                Request(#"{"TableName":"bench","Key":\#(Request.key($0))}"#)
            },
            Scenario("Query of 20 items", workers: 1, requests: 1 << 14, items: items) { query($0, limit: 20) },
            Scenario("Query of 100 items", workers: 1, requests: 1 << 14, items: items) { query($0, limit: 100) },
        ]
    }

    private static func query(_ item: Int, limit: Int) -> Request {
        Request(
            """
            {"TableName":"bench","KeyConditionExpression":"p = :p","Limit":\(limit),\
            "ExpressionAttributeValues":{":p":{"S":"\(item / 100)"}}}
            """)
    }
}
