import ServiceKit

/// What is alike in all replicas of a global table, whichever of them it is changed in: capacity mode and write
/// capacity, global indexes, time to live; and read capacity and table class where a replica has none of its own.
///
/// Tags, policies, protection against deletion and point-in-time recovery stay with each replica.
///
/// [Settings](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html)
extension TableDefinition {
    /// Takes over the settings of another replica.
    mutating func adopt(_ source: TableDefinition, in transaction: Transaction, at now: Timestamp) throws {
        if source.billing == .payPerRequest, billing != .payPerRequest { payPerRequestSince = now }
        billing = source.billing
        throughput.write = source.throughput.write
        throughput.read = readCapacity(own: throughput.read, source: source)
        if source.replicaOverrides.tableClass == nil {
            tableClass = replicaOverrides.tableClass ?? source.tableClass
        }
        if timeToLive?.attribute != source.timeToLive?.attribute {
            timeToLive = source.timeToLive.map { TimeToLive(attribute: $0.attribute, backfillPosition: []) }
        }
        attributeDefinitions = source.attributeDefinitions
        try adoptIndexes(of: source, in: transaction)
    }

    private func readCapacity(own: Int64, source: TableDefinition) -> Int64 {
        guard source.billing == .provisioned else { return 0 }
        if let read = replicaOverrides.readCapacity { return read }
        return source.replicaOverrides.readCapacity == nil ? source.throughput.read : own
    }

    private mutating func adoptIndexes(of source: TableDefinition, in transaction: Transaction) throws {
        let wanted = source.indexes.filter { $0.scope == .global }
        for index in indexes where index.scope == .global && !wanted.contains(where: { $0.name == index.name }) {
            try transaction.discard(tree: index.id)
            indexes.removeAll { $0.id == index.id }
        }
        for other in wanted {
            let throughput = indexCapacity(other, source: source)
            if let position = indexes.firstIndex(where: { $0.name == other.name }) {
                indexes[position].throughput = throughput
                continue
            }
            let index = SecondaryIndex(
                id: try transaction.nextTree(), name: other.name, scope: .global, schema: other.schema,
                projection: other.projection, status: .creating, backfillPosition: [], throughput: throughput)
            try transaction.insertStatistics(of: index.id)
            indexes.append(index)
        }
    }

    private func indexCapacity(_ other: SecondaryIndex, source: TableDefinition) -> Throughput? {
        guard var throughput = other.throughput else { return nil }
        if let read = replicaOverrides.indexReadCapacity[other.name] {
            throughput.read = read
        } else if source.replicaOverrides.indexReadCapacity[other.name] != nil {
            throughput.read = index(named: other.name)?.throughput?.read ?? throughput.read
        }
        return throughput
    }

    /// A table like this one in another region, empty and without indexes or a stream.
    func replica(in region: String, in transaction: Transaction, at now: Timestamp) throws -> TableDefinition {
        var table = TableDefinition(
            id: try transaction.nextTree(), version: 1, account: account, region: region, name: name,
            uuid: Identifier.uuid(), createdAt: now, schema: schema, attributeDefinitions: attributeDefinitions,
            billing: billing, throughput: throughput, payPerRequestSince: billing == .payPerRequest ? now : nil,
            indexes: [], stream: nil, timeToLive: nil, tags: [:], isDeletionProtected: false, tableClass: tableClass)
        table.indexes = try indexes.map { index in
            // It is empty: an index that is being filled elsewhere has nothing to be filled with here.
            SecondaryIndex(
                id: try transaction.nextTree(), name: index.name, scope: index.scope, schema: index.schema,
                projection: index.projection, status: .active, backfillPosition: nil, throughput: index.throughput)
        }
        table.timeToLive = timeToLive.map { TimeToLive(attribute: $0.attribute, backfillPosition: nil) }
        return table
    }

    /// After a change of capacity: what a replica had otherwise than the rest it still has, by its new number, and
    /// without provisioned capacity nobody has any.
    mutating func renewCapacityOverrides() {
        guard let replicas = replication?.replicas else { return }
        for (position, replica) in replicas.enumerated() {
            var overrides = replica.overrides
            if billing == .payPerRequest {
                overrides.readCapacity = nil
                overrides.indexReadCapacity = [:]
            } else if replica.region == region {
                if overrides.readCapacity != nil { overrides.readCapacity = throughput.read }
                for name in overrides.indexReadCapacity.keys {
                    overrides.indexReadCapacity[name] = index(named: name)?.throughput?.read
                }
            }
            replication?.replicas[position].overrides = overrides
        }
    }

    /// Has the overrides of its own replica in effect.
    mutating func applyOverrides() {
        let overrides = replicaOverrides
        if billing == .provisioned, let read = overrides.readCapacity { throughput.read = read }
        for position in indexes.indices where indexes[position].scope == .global {
            guard let read = overrides.indexReadCapacity[indexes[position].name] else { continue }
            indexes[position].throughput?.read = read
        }
        tableClass = overrides.tableClass ?? tableClass
    }
}

extension Transaction {
    /// Completes a change of a table's settings: its replicas get them too. The table itself is not stored.
    ///
    /// - Parameter keys: new ones of replicas, by region.
    func settle(
        _ table: inout TableDefinition, _ keys: [String: TableEncryption?] = [:], in catalog: Catalog,
        at now: Timestamp
    ) throws {
        table.renewCapacityOverrides()
        try synchronizeReplicas(with: table, keys, in: catalog, at: now)
    }

    /// Brings a replica's settings to the others.
    ///
    /// - Parameter keys: new ones, by region.
    func synchronizeReplicas(
        with table: TableDefinition, _ keys: [String: TableEncryption?] = [:], in catalog: Catalog, at now: Timestamp
    ) throws {
        guard let replication = table.replication, replication.version == .current else { return }
        for replica in replication.others(than: table.region) {
            guard var other = try self.table(table.identity(in: replica.region)) else { continue }
            other.replication?.replicas = replication.replicas
            try other.adopt(table, in: self, at: now)
            if let key = keys[replica.region] { other.encryption = key }
            try store(&other, in: catalog)
        }
    }
}
