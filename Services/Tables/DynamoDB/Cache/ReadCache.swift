import CSystem
import ServiceKit
import Synchronization

/// What was lately read of tables with the tag `apus:cache`: items, and pages of queries and scans, in memory.
///
/// **Items are never older than the last acknowledged write.** The transaction tells of every item of such a table it
/// changes (`ItemCommit`), and the cache hears of it on the writer's thread, after the commit and before the writer is
/// answered. A reader that finds nothing takes a ticket *before* its snapshot is opened, and gives it back with what it
/// read: had a commit touched the shard meanwhile, the snapshot may be older than the commit, and is not kept. The
/// table's version is part of every key, so that a reader who still holds a table's former definition, whose writers
/// may not have told, leaves nothing behind that others find.
///
/// **Pages live for their time**, whatever is written meanwhile, as in DAX.
///
/// [DAX: how it works](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.concepts.html)
final class ReadCache: Sendable {
    /// What is asked for.
    struct Key: Hashable, Sendable {
        enum Kind: Sendable { case item, query, scan }

        let table: Int64
        let version: Int64
        let kind: Kind
        /// The item's key, or the request as it came.
        let bytes: [UInt8]
        /// Made once: it chooses the shard too.
        fileprivate let hash: Int

        init(_ kind: Kind, _ bytes: [UInt8], of table: TableDefinition) {
            self.table = table.id
            version = table.version
            self.kind = kind
            self.bytes = bytes
            var hasher = Hasher()
            hasher.combine(table.id)
            hasher.combine(kind)
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
            hash = hasher.finalize()
        }

        func hash(into hasher: inout Hasher) { hasher.combine(hash) }
    }

    enum Value: Sendable {
        /// `nil`: there is no such item, which is worth remembering too.
        case item(StoredItem?)
        case page(CachedPage)

        var byteCount: Int {
            switch self {
            case .item(let item): item?.bytes.count ?? 0
            case .page(let page): page.members.count
            }
        }
    }

    /// The state of the cache before a snapshot was opened.
    struct Ticket: Sendable {
        fileprivate let generation: UInt64
    }

    enum Answer: Sendable {
        case found(Value)
        case missing(Ticket)
    }

    /// Its lock is held for the time of a lookup.
    private final class Shard: Sendable {
        let state: Mutex<CacheShard>
        init(limit: Int) { state = Mutex(CacheShard(limit: limit)) }
    }

    private static let shardCount = 8

    private let clusters: CacheClusters
    private let clock: any WallClock
    /// Empty where there shall be no cache.
    private let shards: [Shard]

    /// - Parameter byteLimit: of all that is kept; 0 for no cache.
    init(byteLimit: Int, clusters: CacheClusters, clock: any WallClock) {
        self.clusters = clusters
        self.clock = clock
        let limit = byteLimit / Self.shardCount
        shards = limit > 0 ? (0..<Self.shardCount).map { _ in Shard(limit: limit) } : []
    }

    /// How long reads of a table are kept; `nil` for a table that is not cached now.
    func times(of table: TableDefinition) -> CacheTimes? {
        guard !shards.isEmpty else { return nil }
        return switch table.cacheTag {
        case nil: nil
        case .time(let time): CacheTimes(items: time, pages: time)
        case .cluster(let name): clusters.times(of: name, account: table.account, region: table.region)
        }
    }

    // MARK: Reading

    func find(_ key: Key, within lifetime: Duration?, at now: Timestamp) -> Answer {
        shard(of: key).state.withLock { shard in
            if let value = shard.find(key, within: lifetime, at: now) { return .found(value) }
            return .missing(Ticket(generation: shard.generation))
        }
    }

    /// Keeps what was read of a snapshot opened after the ticket was taken, unless it may be out of date already.
    func keep(_ value: Value, for key: Key, _ ticket: Ticket, lifetime: Duration?, at now: Timestamp) {
        shard(of: key).state.withLock { shard in
            guard key.kind != .item || shard.generation == ticket.generation else { return }
            shard.store(value, for: key, lifetime: lifetime, at: now)
        }
    }

    // MARK: Writing

    /// Takes over an item as a commit left it.
    func note(_ commit: ItemCommit) {
        guard !shards.isEmpty else { return }
        let key = Key(.item, commit.key, of: commit.table)
        let times = times(of: commit.table)
        shard(of: key).state.withLock { shard in
            shard.invalidate(key)
            // What was deleted is not likely to be asked for.
            guard let item = commit.item, let times else { return }
            shard.store(.item(item), for: key, lifetime: times.items, at: clock.now)
        }
    }

    /// Bytes let go of after which the C library, which would keep them for the next who asks, is told to give them
    /// back to the system. Fewer are soon needed again.
    private static let returnedBytes = 4 << 20

    /// Lets go of what is too old to be answered, or of a table that was changed or is cached no more: an idle cache is
    /// empty after a while.
    ///
    /// - Parameter tables: all that there are.
    func sweep(keeping tables: [TableDefinition]) {
        var versions: [Int64: Int64] = [:]
        for table in tables where times(of: table) != nil { versions[table.id] = table.version }
        var freed = 0
        for shard in shards {
            freed += shard.state.withLock { shard in
                let before = shard.statistics.bytes
                shard.sweep(at: clock.now, keeping: versions)
                return before - shard.statistics.bytes
            }
        }
        if freed >= Self.returnedBytes { apus_return_memory() }
    }

    var statistics: CacheStatistics {
        shards.reduce(CacheStatistics()) { sum, shard in sum + shard.state.withLock { $0.statistics } }
    }

    private func shard(of key: Key) -> Shard { shards[Int(UInt(bitPattern: key.hash) % UInt(shards.count))] }
}

/// What a transaction tells of an item of a cached table that it changed.
struct ItemCommit: Sendable {
    let table: TableDefinition
    let key: [UInt8]
    /// `nil`: it was deleted.
    let item: StoredItem?
}
