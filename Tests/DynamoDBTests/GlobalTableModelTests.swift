import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

/// Writes at random in up to three regions, delivered at random, a third region and restarts in between; at the end
/// everybody must have, of every item, what was written last anywhere.
@Suite("Replicas of a global table")
struct GlobalTableModelTests {
    private static let regions = ["us-east-1", "eu-west-1", "ap-south-1"]
    private static let keys = 12

    @Test("come to hold the same, the last write of each item", arguments: UInt64(1)...6)
    func convergence(seed: UInt64) async throws {
        try await TemporaryFolder.with { folder in
            var random = SeededGenerator(seed: seed)
            var last = [String](repeating: "none", count: Self.keys)
            try await DynamoDBHost.with(folder: folder) { db in
                try await db.createTable()
                for key in 0..<Self.keys { try await Self.write(key, "initial", db, &last) }
                try await GlobalTableTests.addReplica("eu-west-1", db)
                try await Self.work(200, in: 2, db, &random, &last)
                // Being filled while the work goes on, with changes on their way between the first two.
                try await db.call("UpdateTable", GlobalTableTests.change("Create", "ap-south-1"))
                try await Self.work(100, in: 2, db, &random, &last)
            }
            // As after a crash: what was on its way still is.
            try await DynamoDBHost.with(folder: folder) { db in
                // The clock has started anew.
                db.clock.advance(by: .seconds(60))
                try await ReplicaFiller(tables: db.tables).run(at: db.clock.now)
                try await Self.work(200, in: 3, db, &random, &last)
                try await db.settleReplicas()
                for region in Self.regions {
                    let found = try await (0..<Self.keys).map { $0 }.asyncMap {
                        try await Self.value($0, db.at(region))
                    }
                    #expect(found == last, "\(region), seed \(seed)")
                }
            }
        }
    }

    private static func work(
        _ steps: Int, in count: Int, _ db: DynamoDBHost, _ random: inout SeededGenerator, _ last: inout [String]
    ) async throws {
        for step in 0..<steps {
            let region = regions[Int.random(in: 0..<count, using: &random)]
            switch Int.random(in: 0..<10, using: &random) {
            case 0...5:
                let key = Int.random(in: 0..<keys, using: &random)
                let value = Bool.random(using: &random) ? "none" : "\(region) \(step % 7)"
                try await write(key, value, db.at(region), &last)
            case 6, 7: try await deliver(from: region, to: regions[Int.random(in: 0..<count, using: &random)], db)
            case 8:
                let identity = TableIdentity(account: TestHost.account, region: "ap-south-1", name: "table")
                _ = try await ReplicaFiller(tables: db.tables).step(identity, at: db.clock.now)
            default: try await Replicator(tables: db.tables, clock: db.clock).run()
            }
        }
    }

    private static func deliver(from source: String, to destination: String, _ db: DynamoDBHost) async throws {
        guard let table = db.tables.catalog.replicas.first(where: { $0.region == source }), source != destination
        else { return }
        try await Replicator(tables: db.tables, clock: db.clock).deliver(
            from: table, to: table.identity(in: destination))
    }

    /// Each write at a time of its own. One that changes nothing where it is made is no change.
    private static func write(_ key: Int, _ value: String, _ db: DynamoDBHost, _ last: inout [String]) async throws {
        db.clock.advance(by: .milliseconds(1))
        let old = try await self.value(key, db)
        if value == "none" {
            try await db.call("DeleteItem", #"{"TableName":"table","Key":{"p":{"S":"\#(key)"}}}"#)
        } else {
            try await db.put(#"{"p":{"S":"\#(key)"},"v":{"S":"\#(value)"}}"#)
        }
        if old != value { last[key] = value }
    }

    private static func value(_ key: Int, _ db: DynamoDBHost) async throws -> String {
        let output = try await db.call(
            "GetItem", #"{"TableName":"table","Key":{"p":{"S":"\#(key)"}},"ConsistentRead":true}"#)
        return try JSONDocument(Array(output.utf8)).root["Item"]?["v"]?["S"]?.string ?? "none"
    }
}
