import Glibc
import ServiceKit
import TestSupport
import Testing

@testable import DynamoDB

@Suite("What the cache of tables holds")
struct ReadCacheTests {
    private static let clock = ManualClock()

    private static func item(_ text: String) -> StoredItem {
        var attributes = AttributeMap()
        attributes["p"] = .string(Text(text))
        return StoredItem(attributes)
    }

    private static func withTable(_ body: (TableDefinition) throws -> Void) async throws {
        try await DynamoDBHost.with { db in
            try await db.createTable(more: #","Tags":[{"Key":"apus:cache","Value":"1h"}]"#)
            let identity = TableIdentity(account: TestHost.account, region: "us-east-1", name: "table")
            try body(try #require(db.tables.catalog.table(identity)))
        }
    }

    private static func cache(bytes: Int) -> ReadCache {
        ReadCache(byteLimit: bytes, clusters: CacheClusters(), clock: clock)
    }

    private static func found(_ key: ReadCache.Key, in cache: ReadCache) -> StoredItem?? {
        guard case .found(.item(let item)) = cache.find(key, within: .seconds(60), at: clock.now) else { return nil }
        return .some(item)
    }

    @Test("What was read before a commit is not kept after it")
    func ticketsOfBefore() async throws {
        try await Self.withTable { table in
            let cache = Self.cache(bytes: 1 << 20)
            let key = ReadCache.Key(.item, [1], of: table)
            guard case .missing(let ticket) = cache.find(key, within: nil, at: Self.clock.now) else {
                Issue.record("it is empty")
                return
            }
            cache.note(ItemCommit(table: table, key: [1], item: nil))
            cache.keep(.item(Self.item("old")), for: key, ticket, lifetime: nil, at: Self.clock.now)
            #expect(Self.found(key, in: cache) == nil)
            // Nor in place of what the commit left.
            cache.note(ItemCommit(table: table, key: [1], item: Self.item("new")))
            cache.keep(.item(Self.item("old")), for: key, ticket, lifetime: nil, at: Self.clock.now)
            #expect(Self.found(key, in: cache) == .some(Self.item("new")))
        }
    }

    @Test("It never holds more bytes than it may, and lets go of what was used the longest ago")
    func bounds() async throws {
        try await Self.withTable { table in
            var shard = CacheShard(limit: 10_000)
            let text = String(repeating: "x", count: 600)
            let first = ReadCache.Key(.item, [0, 0], of: table)
            shard.store(.item(Self.item(text)), for: first, lifetime: nil, at: Self.clock.now)
            for number in 1..<200 {
                let key = ReadCache.Key(.item, [UInt8(number), 1], of: table)
                shard.store(.item(Self.item(text)), for: key, lifetime: nil, at: Self.clock.now)
                #expect(shard.statistics.bytes <= 10_000)
                #expect(shard.find(first, within: nil, at: Self.clock.now) != nil, "used all the time")
            }
            #expect(shard.statistics.entries == 10 && shard.statistics.evictions == 190)
            let youngest = ReadCache.Key(.item, [199, 1], of: table)
            let older = ReadCache.Key(.item, [150, 1], of: table)
            #expect(shard.find(youngest, within: nil, at: Self.clock.now) != nil)
            #expect(shard.find(older, within: nil, at: Self.clock.now) == nil)
        }
    }

    @Test("An answer as large as half of it is not kept")
    func largeAnswers() async throws {
        try await Self.withTable { table in
            var shard = CacheShard(limit: 10_000)
            let key = ReadCache.Key(.item, [0], of: table)
            let text = String(repeating: "x", count: 5000)
            shard.store(.item(Self.item(text)), for: key, lifetime: nil, at: Self.clock.now)
            #expect(shard.statistics.entries == 0)
        }
    }

    @Test("Its order and its counts hold through any sequence of uses")
    func randomUses() async throws {
        try await Self.withTable { table in
            var generator = SeededGenerator(seed: 73)
            var shard = CacheShard(limit: 6000)
            var model: [(key: UInt8, cost: Int)] = []
            for _ in 0..<5000 {
                let byte = UInt8.random(in: 0..<24, using: &generator)
                let key = ReadCache.Key(.item, [byte], of: table)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0:
                    shard.invalidate(key)
                    model.removeAll { $0.key == byte }
                case 1:
                    let item = Self.item(String(repeating: "x", count: Int.random(in: 0..<900, using: &generator)))
                    shard.store(.item(item), for: key, lifetime: nil, at: Self.clock.now)
                    let cost = 1 + item.bytes.count + 320
                    model.removeAll { $0.key == byte }
                    while model.reduce(cost, { $0 + $1.cost }) > 6000 { model.removeFirst() }
                    model.append((byte, cost))
                default:
                    let isKnown = model.contains { $0.key == byte }
                    #expect((shard.find(key, within: nil, at: Self.clock.now) != nil) == isKnown)
                    if let place = model.firstIndex(where: { $0.key == byte }) { model.append(model.remove(at: place)) }
                }
                #expect(shard.statistics.entries == model.count)
                #expect(shard.statistics.bytes == model.reduce(0) { $0 + $1.cost })
            }
        }
    }

    /// Bytes of memory this process has from the system.
    private static func residentBytes() throws -> Int {
        let file = try #require(fopen("/proc/self/statm", "r"))
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        let text = try #require(fgets(&line, 128, file).map { String(cString: $0) })
        return try #require(Int(text.split(separator: " ")[1])) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    @Test("What it lets go of is the system's again")
    func returnedMemory() async throws {
        try await Self.withTable { table in
            let cache = Self.cache(bytes: 128 << 20)
            let text = String(repeating: "x", count: 2000)
            for number in 0..<25_000 {
                let key = withUnsafeBytes(of: number) { Array($0) }
                cache.note(ItemCommit(table: table, key: key, item: Self.item(text)))
            }
            #expect(cache.statistics.bytes > 50 << 20)
            let before = try Self.residentBytes()
            var changed = table
            changed.version += 1
            cache.sweep(keeping: [changed])
            #expect(cache.statistics.bytes == 0)
            #expect(before - (try Self.residentBytes()) > 25 << 20)
        }
    }

    @Test("Without room there is no cache")
    func noRoom() async throws {
        try await Self.withTable { table in
            let cache = Self.cache(bytes: 0)
            #expect(cache.times(of: table) == nil)
            cache.note(ItemCommit(table: table, key: [1], item: Self.item("a")))
            #expect(cache.statistics == CacheStatistics())
        }
    }
}
