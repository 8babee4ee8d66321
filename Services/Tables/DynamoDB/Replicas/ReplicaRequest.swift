import ApplicationAutoScaling
import ServiceKit

/// What UpdateTable is asked about replicas.
struct ReplicaRequest: Sendable {
    let updates: [ReplicaUpdate]
    private let consistency: String?
    private let witnesses: [WitnessUpdate]?

    private struct WitnessUpdate: InputShape {
        let region: String

        init(_ member: Members) throws {
            let create: NamedRegion? = try member("Create")
            let delete: NamedRegion? = try member("Delete")
            region = create?.region ?? delete?.region ?? ""
        }
    }

    init(_ member: Members) throws {
        updates = try member("ReplicaUpdates") ?? []
        consistency = try member("MultiRegionConsistency")
        witnesses = try member("GlobalTableWitnessUpdates")
    }

    /// Without updates of replicas the rest asks for nothing.
    var isEmpty: Bool { updates.isEmpty }

    /// Nothing but keys of replicas, which are changed together with the table's.
    var changesOnlyKeys: Bool { updates.allSatisfy { $0.update?.namesOnlyKey ?? false } }

    func keyID(in region: String) -> String? { updates.first { $0.region == region }?.update?.keyID }

    func permissions(of table: TableIdentity, _ tables: TableStore) -> [Permission] {
        updates.flatMap { $0.permissions(of: table, tables) }
    }

    func validate(for table: TableIdentity) throws(ServiceError) {
        try validateConsistency()
        for update in updates { try update.validate(in: table.region) }
        let changes = Set(updates.filter { $0.update == nil }.map(\.region))
        guard changes.count <= 1 else {
            throw .validation(
                "Update table operation with more than one create or delete replica actions not allowed")
        }
    }

    /// Every region keeps its own counsel and tells the others later; none waits for another.
    private func validateConsistency() throws(ServiceError) {
        if consistency == "STRONG" {
            let regions = updates.map(\.region) + (witnesses ?? []).map(\.region)
            throw .validation(
                "Unsupported Region(s) specified for global tables with MultiRegionConsistency set to STRONG: "
                    + "[\(regions.joined(separator: ", "))].")
        }
        guard (witnesses ?? []).isEmpty else {
            throw .validation(
                "MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present.")
        }
    }

    /// Performs the updates. What it answers is the table asked about as it is then.
    ///
    /// - Parameter keys: of new replicas, by region.
    func perform(
        on table: TableDefinition, _ keys: [String: TableEncryption?], in transaction: Transaction, _ catalog: Catalog,
        _ scaling: AutoScaling, at now: Timestamp
    ) throws -> TableDefinition {
        try table.requireSteadyReplicas()
        var global = try GlobalTable(of: table, in: transaction, catalog)
        var seen: Set<String> = []
        for update in updates where seen.insert(update.region).inserted || update.update != nil {
            if let specification = update.create {
                try global.create(
                    specification, keys[update.region] ?? nil, from: table.region, in: transaction, at: now)
            } else if let specification = update.update {
                try global.update(specification, like: table.region)
            } else {
                try global.delete(update.region, at: now)
            }
        }
        try global.store()
        for region in updates.compactMap(\.create?.region) {
            try scaling.copyWriteSettings(of: table, to: region, in: transaction, at: now)
        }
        return global[table.region] ?? table
    }
}

extension TableDefinition {
    /// - Throws: while a replica comes or goes.
    func requireSteadyReplicas() throws(ServiceError) {
        guard replication?.isChanging != true else {
            throw .resourceInUse("The resource which you are attempting to change is in use.")
        }
    }
}

extension GlobalTable {
    fileprivate mutating func create(
        _ specification: ReplicaSpecification, _ key: TableEncryption?, from source: String,
        in transaction: Transaction, at now: Timestamp
    ) throws {
        guard let table = self[source] else { return }
        guard try !transaction.hasTable(table.identity(in: specification.region)) else {
            throw ServiceError.validation(
                "Failed to create a the new replica of table with name: ‘\(table.name)’ because one or more replicas "
                    + "already existed as tables.")
        }
        if table.stream == nil {
            let stream = try transaction.openStream(.newAndOldImages, of: table, at: now)
            change(source) { $0.stream = stream }
        }
        if replication == nil { try form(.current, at: now) }
        var replica = Replica(region: specification.region, status: .creating, source: source, createdAt: now)
        specification.apply(to: &replica.overrides, of: table)
        var copy = try table.replica(in: specification.region, in: transaction, at: now)
        copy.encryption = key
        try transaction.insert(copy)
        try add(copy, replica, opening: self[source]?.stream?.view)
        change(replica.region) { $0.applyOverrides() }
    }

    fileprivate mutating func update(_ specification: ReplicaSpecification, like base: String) throws {
        guard let table = self[base], replication?[specification.region] != nil else {
            throw ServiceError.noReplica(specification.region)
        }
        try specification.validate(for: table)
        update(specification.region) { specification.apply(to: &$0.overrides, of: table) }
        change(specification.region) { other in
            other.throughput.read = table.throughput.read
            for position in other.indexes.indices {
                other.indexes[position].throughput = table.index(named: other.indexes[position].name)?.throughput
            }
            other.applyOverrides()
        }
    }

    fileprivate mutating func delete(_ region: String, at now: Timestamp) throws {
        guard replication?[region] != nil else { throw ServiceError.noReplica(region) }
        try beginDeletion(of: region, at: now)
    }

    /// Lets a replica go; the rest is done once the others have all its changes.
    ///
    /// - Throws: where its protection forbids it, and for the source of a replica made within the last day.
    mutating func beginDeletion(of region: String, at now: Timestamp) throws {
        guard let table = self[region], let replication = table.replication else { return }
        guard !table.isDeletionProtected else {
            throw ServiceError.validation(
                "Cannot delete table \(table.name) in region \(region) because it has deletion protection enabled. "
                    + "Disable deletion protection first.")
        }
        let isRecentSource = replication.replicas.contains { replica in
            replica.source == region && replica.createdAt > now - .seconds(24 * 3600)
        }
        guard !isRecentSource else {
            throw ServiceError.validation(
                "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to "
                    + "the table in the last 24 hours.")
        }
        update(region) { $0.status = .deleting }
    }
}

extension ServiceError {
    fileprivate static func noReplica(_ region: String) -> ServiceError {
        .validation(
            "Update global table operation failed because one or more replicas were not part of the global table. "
                + "Please retry the request without these replicas: [\(region)].")
    }
}
