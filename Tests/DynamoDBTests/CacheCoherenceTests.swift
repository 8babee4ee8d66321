import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import DynamoDB

@Suite("The cache under writers and readers at once")
struct CacheCoherenceTests {
    private static let keys = 6
    private static let writesOfEach = 40
    private static let readersOfEach = 2
    /// While one write is under way.
    private static let readsOfEach = 8
    private static let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/table"

    /// One key's writes, numbered from 1; number 0 stands for the item that was never written.
    private final class Ledger: Sendable {
        private struct State {
            var deletions: Set<Int> = [0]
            var begun = 0
            var acknowledged = 0
        }

        private let state = Mutex(State())

        func begin(_ number: Int, isDeletion: Bool) {
            state.withLock { state in
                state.begun = number
                if isDeletion { state.deletions.insert(number) }
            }
        }

        func acknowledge(_ number: Int) { state.withLock { $0.acknowledged = number } }

        var acknowledged: Int { state.withLock { $0.acknowledged } }

        /// Whether a read that began after the write `first` was acknowledged may have found this.
        func allows(_ found: Int?, after first: Int) -> Bool {
            state.withLock { state in
                guard let found else { return state.deletions.contains { $0 >= first && $0 <= state.begun } }
                return found >= first && found <= state.begun
            }
        }
    }

    @Test("No read that begins after a write was acknowledged shows what was before it")
    func neverStale() async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: #","Tags":[{"Key":"apus:cache","Value":"1h"}]"#)
            let ledgers = (0..<Self.keys).map { _ in Ledger() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for key in ledgers.indices { group.addTask { try await Self.write(key, ledgers, db) } }
                group.addTask { try await Self.changeTags(db) }
                try await group.waitForAll()
            }
            for key in ledgers.indices { try await Self.read(key, ledgers, db) }
            #expect(db.tables.cache.statistics.items.hits > 0)
            #expect(db.tables.cache.statistics.items.misses > 0)
        }
    }

    /// One write after another, and reads of the same item while each is under way.
    private static func write(_ key: Int, _ ledgers: [Ledger], _ db: DynamoDBHost) async throws {
        var generator = SeededGenerator(seed: UInt64(key + 1))
        for number in 1...writesOfEach {
            let way = Int.random(in: 0..<6, using: &generator)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await perform(number, of: key, way, ledgers[key], db) }
                for _ in 0..<readersOfEach {
                    group.addTask {
                        for _ in 0..<readsOfEach where ledgers[key].acknowledged < number {
                            try await read(key, ledgers, db)
                            // Reads that the cache answers never wait: others shall have their turn.
                            await Task.yield()
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await read(key, ledgers, db)
        }
    }

    private static func perform(
        _ number: Int, of key: Int, _ way: Int, _ ledger: Ledger, _ db: DynamoDBHost
    ) async throws {
        let put = #"{"p":{"S":"\#(key)"},"n":{"N":"\#(number)"}}"#
        let item = #""TableName":"table","Key":{"p":{"S":"\#(key)"}}"#
        ledger.begin(number, isDeletion: way == 0)
        switch way {
        case 0: try await db.call("DeleteItem", "{\(item)}")
        case 1:
            let update = #""UpdateExpression":"SET n = :n","ExpressionAttributeValues":{":n":{"N":"\#(number)"}}"#
            try await db.call("UpdateItem", "{\(item),\(update)}")
        case 2: try await db.call("BatchWriteItem", #"{"RequestItems":{"table":[{"PutRequest":{"Item":\#(put)}}]}}"#)
        case 3:
            try await db.call(
                "TransactWriteItems", #"{"TransactItems":[{"Put":{"TableName":"table","Item":\#(put)}}]}"#)
        default: try await db.put(put)
        }
        ledger.acknowledge(number)
    }

    /// Reads the item alone, and then all items together.
    private static func read(_ key: Int, _ ledgers: [Ledger], _ db: DynamoDBHost) async throws {
        let first = ledgers[key].acknowledged
        let one = try await db.host.call("dynamodb", "GetItem", #"{"TableName":"table","Key":{"p":{"S":"\#(key)"}}}"#)
        let found = one["Item"]?["n"]?["N"]?.string.flatMap { Int($0) }
        #expect(ledgers[key].allows(found, after: first), "key \(key): \(found ?? -1) after write \(first)")
        let firsts = ledgers.map(\.acknowledged)
        let keys = ledgers.indices.map { #"{"p":{"S":"\#($0)"}}"# }.joined(separator: ",")
        let all = try await db.host.call(
            "dynamodb", "BatchGetItem", #"{"RequestItems":{"table":{"Keys":[\#(keys)]}}}"#)
        var numbers: [Int: Int] = [:]
        for item in try #require(all["Responses"]?["table"]).elements {
            guard let key = item["p"]?["S"]?.string.flatMap({ Int($0) }) else { continue }
            numbers[key] = item["n"]?["N"]?.string.flatMap { Int($0) }
        }
        for (key, ledger) in ledgers.enumerated() {
            let isAllowed = ledger.allows(numbers[key], after: firsts[key])
            #expect(isAllowed, "batch, key \(key): \(numbers[key] ?? -1) after write \(firsts[key])")
        }
    }

    /// Switches the cache off and on: what an older reader leaves behind is not found afterwards.
    private static func changeTags(_ db: DynamoDBHost) async throws {
        for value in Array(repeating: ["off", "30m", "1h"], count: 8).flatMap({ $0 }) {
            try await db.call(
                "TagResource", #"{"ResourceArn":"\#(arn)","Tags":[{"Key":"apus:cache","Value":"\#(value)"}]}"#)
        }
    }
}
