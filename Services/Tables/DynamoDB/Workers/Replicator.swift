import ServiceKit

/// Brings the changes of every replica to the others.
///
/// Changes were recorded in the transactions that made them. Each step applies some to one replica and notes up to
/// where that has come, in one transaction: a crash repeats nothing and loses nothing.
struct Replicator: Sendable {
    let tables: TableStore
    let clock: any WallClock

    /// Returns when every replica has the changes of all others.
    func run() async throws {
        while try await round() { try Task.checkCancellation() }
        try await finishDepartures()
    }

    /// One step from every replica to every other one. False when there was nothing to bring, or nobody to take it.
    private func round() async throws -> Bool {
        let pending = try await tables.read { try $0.replicasWithChanges() }
        let sources = tables.catalog.replicas.filter { $0.replication.map { pending.contains($0.id) } ?? false }
        guard !sources.isEmpty else { return false }
        // At once: the writes to all replicas become durable together.
        let isProgress = try await withThrowingTaskGroup(of: Bool.self) { group in
            for source in sources {
                for other in source.replication?.others(than: source.region) ?? [] {
                    group.addTask { try await deliver(from: source, to: source.identity(in: other.region)) }
                }
            }
            return try await group.reduce(false) { $0 || $1 }
        }
        try await trim(sources)
        return isProgress
    }

    /// Brings what goes into one transaction. False when that is nothing, and where the other one is shut.
    @discardableResult
    func deliver(from source: TableDefinition, to destination: TableIdentity) async throws -> Bool {
        guard let table = tables.catalog.table(destination), table.isAccessible, let replication = table.replication
        else {
            return false
        }
        let batch = try await tables.read { snapshot in
            let position = try snapshot.replicaPosition(of: source.region, in: replication)
            return try ReplicaBatch(of: source, after: position, in: snapshot)
        }
        guard !batch.changes.isEmpty else { return false }
        let now = clock.now
        try await tables.write(.background) { transaction in
            // It may have left meanwhile.
            guard let table = try transaction.table(destination), table.replication?.id == replication.id else {
                return
            }
            try transaction.apply(batch, to: table, at: now)
        }
        return true
    }

    private func trim(_ sources: [TableDefinition]) async throws {
        try await tables.write(.background) { transaction in
            for source in sources {
                guard let replication = source.replication else { continue }
                var positions: [Int64] = []
                for other in replication.others(than: source.region) {
                    let table = try transaction.table(source.identity(in: other.region))
                    guard let replica = table?.replication else { continue }
                    positions.append(try transaction.replicaPosition(of: source.region, in: replica))
                }
                try transaction.trimChanges(of: replication, through: positions.min() ?? .max)
            }
        }
    }

    // MARK: Departures

    /// Lets those go that were told to, now that the others have their changes.
    private func finishDepartures() async throws {
        for table in tables.catalog.replicas where table.replication?[table.region]?.status.isGoing ?? false {
            let now = clock.now
            try await tables.write { [catalog = tables.catalog] transaction in
                guard let table = try transaction.table(table.identity), let replication = table.replication,
                    let status = replication[table.region]?.status, status.isGoing
                else { return }
                try Self.bringRest(of: table, in: transaction, at: now)
                var global = try GlobalTable(of: table, in: transaction, catalog)
                try global.remove(table.region, keepingTable: status == .leaving, at: now)
                try global.store()
            }
            tables.backgroundWork.signal()
        }
    }

    /// What was written since the last round, in the transaction after which nothing can be.
    private static func bringRest(of table: TableDefinition, in transaction: Transaction, at now: Timestamp) throws {
        for replica in table.replication?.others(than: table.region) ?? [] {
            guard let other = try transaction.table(table.identity(in: replica.region)),
                let replication = other.replication
            else { continue }
            while true {
                let position = try transaction.replicaPosition(of: table.region, in: replication)
                let batch = try ReplicaBatch(of: table, after: position, in: transaction)
                guard !batch.changes.isEmpty else { break }
                try transaction.apply(batch, to: other, at: now)
            }
        }
    }
}
