import ServiceKit

/// Gives new replicas the items another one has, a little at a time, while that one is in use.
///
/// Changes made meanwhile come by the Replicator; whichever of both comes first, the later write stands.
struct ReplicaFiller: Sendable {
    private static let stride = 250
    private static let mostBytes = 1 << 20

    let tables: TableStore

    /// Items of one stretch with when they were written, as they go from one replica to another.
    private struct Stretch: Sendable {
        var items: [(key: [UInt8], version: ReplicaVersion?, item: StoredItem?)] = []
        var isLast = true
    }

    /// Returns when no replica is left to be filled.
    func run(at now: Timestamp) async throws {
        for table in tables.catalog.replicas where table.replication?.backfill != nil {
            while try await step(table.identity, at: now) { try Task.checkCancellation() }
        }
    }

    /// True if there may be more to do.
    func step(_ identity: TableIdentity, at now: Timestamp) async throws -> Bool {
        guard let table = tables.catalog.table(identity), let id = table.replication?.id,
            let backfill = table.replication?.backfill
        else { return false }
        let stretch = try await tables.read { try Self.stretch(of: table, backfill, in: $0) }
        return try await tables.write(.background) { [catalog = tables.catalog] transaction in
            guard var table = try transaction.table(identity), table.replication?.id == id else { return false }
            for entry in stretch.items {
                try transaction.merge(entry.item, entry.version, at: entry.key, into: table, at: now)
            }
            let next = Self.next(backfill, after: stretch)
            table.replication?.backfill = next
            if next == nil, let view = backfill.stream {
                table.stream = try transaction.openStream(view, of: table, at: now)
            }
            try transaction.store(&table, in: catalog)
            if next == nil { try Self.activate(table, in: transaction, catalog) }
            return next != nil
        }
    }

    private static func stretch(
        of table: TableDefinition, _ backfill: ReplicaBackfill, in snapshot: Snapshot
    ) throws -> Stretch {
        var stretch = Stretch()
        guard let source = try snapshot.table(table.identity(in: backfill.source)), let replication = source.replication
        else { return stretch }
        switch backfill.phase {
        case .items:
            var bytes = 0
            let range = KeyRange(lower: backfill.position.isEmpty ? [] : backfill.position + [0], upper: nil)
            try snapshot.scanItems(of: source, range) { key, item in
                stretch.items.append((key, nil, StoredItem(bytes: Array(item))))
                bytes += item.count
                stretch.isLast = stretch.items.count < stride && bytes < mostBytes
                return stretch.isLast ? .next : .stop
            }
            for index in stretch.items.indices {
                stretch.items[index].version = try snapshot.replicaVersion(
                    of: stretch.items[index].key, in: replication)
            }
        case .deletions:
            let deletions = try snapshot.deletions(in: source, replication, after: backfill.position, limit: stride)
            stretch.items = deletions.map { ($0.key, $0.version, nil) }
            stretch.isLast = deletions.count < stride
        }
        return stretch
    }

    /// `nil` when all is done.
    private static func next(_ backfill: ReplicaBackfill, after stretch: Stretch) -> ReplicaBackfill? {
        var next = backfill
        if let last = stretch.items.last, !stretch.isLast {
            next.position = last.key
        } else if backfill.phase == .items {
            next.phase = .deletions
            next.position = []
        } else {
            return nil
        }
        return next
    }

    private static func activate(_ table: TableDefinition, in transaction: Transaction, _ catalog: Catalog) throws {
        var global = try GlobalTable(of: table, in: transaction, catalog)
        global.update(table.region) { $0.status = .active }
        try global.store()
    }
}
