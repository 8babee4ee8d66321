import ServiceKit

/// What makes a table one replica of a global table.
struct Replication: Sendable {
    enum Version: String, Sendable {
        /// Replicas are made and deleted by UpdateTable, and their settings are kept alike.
        case current = "2019.11.21"
        /// Made of tables that were there before, by CreateGlobalTable; each has settings of its own.
        case legacy = "2017.11.29"
    }

    let version: Version
    /// Since when there is the global table.
    let createdAt: Timestamp
    /// This replica's changes and versions in the storage; never used twice.
    let id: Int64
    /// All replicas, this one too, in the order they came. All of them have the same list.
    var replicas: [Replica]
    /// `nil` once it has the items of the others.
    var backfill: ReplicaBackfill?

    subscript(region: String) -> Replica? { replicas.first { $0.region == region } }

    func others(than region: String) -> [Replica] { replicas.filter { $0.region != region } }

    /// A replica is coming or going: no other change of the table is taken meanwhile.
    var isChanging: Bool { replicas.contains { $0.status != .active } }

    /// Expired items are deleted in one region, from where the others learn of it.
    func deletesExpiredItems(in region: String) -> Bool {
        version == .legacy || replicas.filter { $0.status == .active }.map(\.region).min() == region
    }
}

/// One replica of a global table, as all of them know it.
struct Replica: Sendable, Hashable {
    enum Status: String, Sendable {
        case creating = "CREATING"
        case active = "ACTIVE"
        /// Deleted once the others have all its changes.
        case deleting = "DELETING"
        /// Becomes a table of its own once the others have all its changes.
        case leaving = "LEAVING"

        /// `ReplicaStatus`
        var name: String { self == .leaving ? Self.deleting.rawValue : rawValue }
        var isGoing: Bool { self == .deleting || self == .leaving }
    }

    let region: String
    var status: Status
    /// Where it had its first items from; `nil` for those that were there from the beginning.
    let source: String?
    let createdAt: Timestamp
    var overrides = Overrides()

    /// What a replica may have otherwise than the rest.
    struct Overrides: Sendable, Hashable {
        var readCapacity: Int64?
        /// By the name of the index.
        var indexReadCapacity: [String: Int64] = [:]
        var tableClass: String?
    }
}

/// How far a new replica has been filled from another one.
struct ReplicaBackfill: Sendable {
    enum Phase: String, Sendable {
        case items
        /// Deleted items, of which a change may still be on its way.
        case deletions
    }

    let source: String
    var phase = Phase.items
    /// The last key taken over.
    var position: [UInt8] = []
    /// The stream to be opened when it is done; `nil` where it has one.
    let stream: StreamView?
}

/// When and where an item was last written. Of two writes the greater one stands, in every region.
struct ReplicaVersion: Sendable, Hashable, Comparable {
    /// Microseconds since 1970; ahead of the clock where one item is written faster than the clock ticks.
    let time: Int64
    let region: String

    init(time: Int64, region: String) {
        self.time = time
        self.region = region
    }

    /// Of a write that follows another one: it is the greater, whatever the clocks say.
    init(writtenAt now: Timestamp, in region: String, after last: ReplicaVersion?) {
        self.init(time: max(Self.ticks(now), (last?.time ?? 0) + 1), region: region)
    }

    static func ticks(_ time: Timestamp) -> Int64 { time.milliseconds * 1000 }

    static func < (left: ReplicaVersion, right: ReplicaVersion) -> Bool {
        left.time == right.time ? left.region < right.region : left.time < right.time
    }
}

extension TableDefinition {
    /// Going, with a global table: it takes no requests any more.
    var isBeingDeleted: Bool { replication?[region]?.status == .deleting }

    var replicaOverrides: Replica.Overrides { replication?[region]?.overrides ?? Replica.Overrides() }

    func identity(in region: String) -> TableIdentity {
        TableIdentity(account: account, region: region, name: name)
    }
}
