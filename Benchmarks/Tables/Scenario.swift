import Glibc

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
            Scenario("UpdateItem, durable", workers: 64, items: items) { update($0) },
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

    static func measureAll(_ options: Options) async throws {
        let client = try await Client(folder: options.folder)
        await client.createTable(cache: options.cache)
        await client.fill(items: options.items)
        print("\(options.items) items, \(client.fileSize >> 20) MiB, \(client.fileSize / options.items) bytes each")
        for scenario in all(items: options.items) where options.wants(scenario.name) {
            try await client.check(scenario)
            print(await Measurement(of: scenario, on: client, seconds: options.seconds).description)
            fflush(nil)
        }
        await client.close()
    }

    /// Writes to all parts of the table: updates of what there is, puts in place of it, and puts of what expires at once.
    static func writes(items: Int, expiringEvery: Int) -> [Scenario] {
        let updates = Scenario("UpdateItem", workers: 64, requests: 1 << 16, items: items) { update($0) }
        let puts = Scenario("PutItem", workers: 64, requests: 1 << 16, items: items) {
            Request(#"{"TableName":"bench","Item":\#(Request.item($0))}"#)
        }
        // Beside the others, so that the table stays as it is.
        let expiring = Scenario("PutItem", workers: 64, requests: 1 << 12, items: items) {
            Request(#"{"TableName":"bench","Item":\#(Request.expiringItem($0))}"#)
        }
        return (0..<expiringEvery).map { $0 == 0 ? expiring : $0 % 2 == 0 ? updates : puts }
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

    /// Ninety-nine of a hundred reads are of one hundredth of the keys, which lie all over the table.
    static func hotReads(items: Int) -> Scenario {
        var number = 0
        return Scenario("GetItem, 99 % of 1 % of the keys", workers: 1, requests: 1 << 17, items: items) { item in
            number += 1
            let key = number % 100 == 0 ? item : item / 100 * 100
            return Request(#"{"TableName":"bench","Key":\#(Request.key(key))}"#)
        }
    }

    private static func update(_ item: Int) -> Request {
        Request(
            """
            {"TableName":"bench","Key":\(Request.key(item)),"UpdateExpression":"ADD n :one",\
            "ExpressionAttributeValues":{":one":{"N":"1"}}}
            """)
    }

    private static func query(_ item: Int, limit: Int) -> Request {
        Request(
            """
            {"TableName":"bench","KeyConditionExpression":"p = :p","Limit":\(limit),\
            "ExpressionAttributeValues":{":p":{"S":"\(item / 100)"}}}
            """)
    }
}
