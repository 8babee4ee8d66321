import ServiceKit

/// The replicas of a global table together, for changing which ones there are, within one transaction.
struct GlobalTable {
    private let transaction: Transaction
    private let catalog: Catalog
    /// In the order of `Replication.replicas`.
    private(set) var tables: [TableDefinition]

    /// Of a replica, or of a table of one region that is to become one.
    init(of table: TableDefinition, in transaction: Transaction, _ catalog: Catalog) throws {
        self.transaction = transaction
        self.catalog = catalog
        guard let replication = table.replication else {
            tables = [table]
            return
        }
        tables = try replication.replicas.compactMap { try transaction.table(table.identity(in: $0.region)) }
    }

    subscript(region: String) -> TableDefinition? { tables.first { $0.region == region } }

    var replication: Replication? { tables.first?.replication }

    /// Makes tables that are there, and alike, the replicas of a new global table.
    mutating func form(_ version: Replication.Version, at now: Timestamp) throws {
        let replicas = tables.map { Replica(region: $0.region, status: .active, source: nil, createdAt: now) }
        for position in tables.indices {
            tables[position].replication = Replication(
                version: version, createdAt: now, id: try transaction.nextTree(), replicas: replicas)
        }
    }

    /// Adds a table that is there, to form a global table with the others.
    mutating func include(_ table: TableDefinition) { tables.append(table) }

    /// Adds a table as a replica, to be filled from another one.
    mutating func add(_ table: TableDefinition, _ replica: Replica, opening stream: StreamView?) throws {
        guard let source = replica.source.flatMap({ self[$0] }), let replication = source.replication else { return }
        var table = table
        let own = Replication(
            version: replication.version, createdAt: replication.createdAt, id: try transaction.nextTree(),
            replicas: replication.replicas,
            backfill: ReplicaBackfill(source: source.region, stream: stream))
        // It takes over what its source has by now; what comes to the source later, it is sent itself.
        for other in replication.replicas where other.region != source.region {
            try transaction.setReplicaPosition(
                transaction.replicaPosition(of: other.region, in: replication), of: other.region, in: own)
        }
        try transaction.setReplicaPosition(transaction.lastReplicaChange(), of: source.region, in: own)
        table.replication = own
        tables.append(table)
        edit { $0.append(replica) }
    }

    /// Changes what all replicas know of one of them.
    mutating func update(_ region: String, _ body: (inout Replica) throws -> Void) rethrows {
        try edit { replicas in
            for position in replicas.indices where replicas[position].region == region {
                try body(&replicas[position])
            }
        }
    }

    /// Takes a replica out. What is left alone is a table of one region again.
    mutating func remove(_ region: String, keepingTable: Bool, at now: Timestamp) throws {
        guard let position = tables.firstIndex(where: { $0.region == region }) else { return }
        var table = tables.remove(at: position)
        try leave(&table)
        if keepingTable { try store(&table) } else { try transaction.delete(table, in: catalog, at: now) }
        edit { $0.removeAll { $0.region == region } }
        for other in tables.compactMap(\.replication) {
            try transaction.forgetReplicaPosition(of: region, in: other)
        }
        if tables.count == 1, replication?.version == .current { try leave(&tables[0]) }
    }

    private func leave(_ table: inout TableDefinition) throws {
        if let id = table.replication?.id { try transaction.discard(tree: id) }
        table.replication = nil
    }

    /// Changes the table of one replica.
    mutating func change(_ region: String, _ body: (inout TableDefinition) throws -> Void) rethrows {
        guard let position = tables.firstIndex(where: { $0.region == region }) else { return }
        try body(&tables[position])
    }

    private mutating func edit(_ body: (inout [Replica]) throws -> Void) rethrows {
        guard var replicas = replication?.replicas else { return }
        try body(&replicas)
        for position in tables.indices { tables[position].replication?.replicas = replicas }
    }

    /// Stores every replica's definition, for all requests that follow.
    mutating func store() throws {
        for position in tables.indices { try store(&tables[position]) }
    }

    private func store(_ table: inout TableDefinition) throws { try transaction.store(&table, in: catalog) }
}

extension Transaction {
    /// Stores a changed definition and has it known after the commit.
    func store(_ table: inout TableDefinition, in catalog: Catalog) throws {
        try update(&table)
        let changed = table
        afterCommit { catalog.keep(changed) }
    }

    /// Deletes a table with its stream.
    func delete(_ table: TableDefinition, in catalog: Catalog, at now: Timestamp) throws {
        try delete(table)
        if let stream = table.stream { try closeStream(stream.id, at: now) }
        afterCommit { catalog.drop(table) }
    }
}
