import ServiceKit

/// One change of one item, made in a replica's own region.
struct ReplicaChange: Sendable {
    /// Ascending in the order of commits.
    let sequence: Int64
    /// The bytes the item is stored under, in every replica the same.
    let key: [UInt8]
    let version: ReplicaVersion
    /// `nil`: deleted.
    let item: StoredItem?
}

/// Changes of one replica on their way to another: all the two have to do with one another.
///
/// It names everything and refers to nothing, so that the other replica may lie in another database.
struct ReplicaBatch: Sendable {
    /// Few enough that no request waits long behind them.
    private static let mostChanges = 50
    private static let mostBytes = 1 << 20

    /// The region they were made in.
    let source: String
    private(set) var changes: [ReplicaChange] = []

    init(source: String) { self.source = source }

    /// The changes of a replica after a number, as many as go into one transaction.
    init(of table: TableDefinition, after sequence: Int64, in snapshot: Snapshot) throws {
        source = table.region
        guard let replication = table.replication else { return }
        var changes: [ReplicaChange] = []
        var bytes = 0
        try snapshot.scanChanges(of: replication, in: source, after: sequence) { change in
            changes.append(change)
            bytes += change.key.count + (change.item?.bytes.count ?? 0)
            return changes.count < Self.mostChanges && bytes < Self.mostBytes ? .next : .stop
        }
        self.changes = changes
    }
}

extension Transaction {
    /// Applies to a replica what it does not have, and notes up to where it has come: a batch that comes twice does
    /// nothing the second time.
    func apply(_ batch: ReplicaBatch, to table: TableDefinition, at now: Timestamp) throws {
        guard let replication = table.replication, let last = batch.changes.last else { return }
        let position = try replicaPosition(of: batch.source, in: replication)
        guard last.sequence > position else { return }
        for change in batch.changes where change.sequence > position {
            try merge(change.item, change.version, at: change.key, into: table, at: now)
        }
        try setReplicaPosition(last.sequence, of: batch.source, in: replication)
    }

    /// Gives an item its state of another replica, unless its own one is of a later write.
    ///
    /// - Parameter version: `nil` for a write so long ago that any other one is later.
    func merge(
        _ item: StoredItem?, _ version: ReplicaVersion?, at key: [UInt8], into table: TableDefinition, at now: Timestamp
    ) throws {
        guard let replication = table.replication else { return }
        if let known = try replicaVersion(of: key, in: replication) {
            guard let version, version > known else { return }
        }
        if let version { try keep(version, of: key, in: replication) }
        let old = try self.item(key, in: table).map { ItemVersion($0) }
        let change = ItemChange(
            shared: SharedTable(table), key: key, old: old, new: item.map { ItemVersion($0) }, time: now,
            isReplicated: true)
        _ = try change.apply(in: self)
    }
}
