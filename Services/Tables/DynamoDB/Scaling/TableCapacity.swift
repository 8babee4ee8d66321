import ApplicationAutoScaling
import ServiceKit

/// The provisioned capacity of tables and global indexes, as Application Auto Scaling changes it.
struct TableCapacity: ScalableResources {
    let catalog: Catalog
    let meter: CapacityMeter

    func exists(_ capacity: ScalableCapacity, in snapshot: Snapshot) throws -> Bool {
        guard let table = try snapshot.table(capacity.identity) else { return false }
        return capacity.index.map { table.index(named: $0)?.scope == .global } ?? true
    }

    func units(of capacity: ScalableCapacity, in snapshot: Snapshot) throws -> Int64? {
        guard let table = try snapshot.table(capacity.identity), table.billing == .provisioned, table.takesRequests,
            table.replication?.isChanging != true
        else { return nil }
        guard let name = capacity.index else { return table.throughput[capacity.direction] }
        guard let index = table.index(named: name), index.scope == .global, index.status == .active else { return nil }
        return index.throughput?[capacity.direction]
    }

    /// As UpdateTable would, with its limits. What is read in one region is no matter of the others; what is written
    /// comes to all of them.
    func set(_ capacity: ScalableCapacity, to units: Int64, in transaction: Transaction, at now: Timestamp) throws {
        guard let known = try transaction.table(capacity.identity) else {
            throw ServiceError.tableNotFound(capacity.table)
        }
        try known.requireSteadyReplicas()
        let index = capacity.index.flatMap { known.index(named: $0) }
        var throughput = (index.map(\.throughput) ?? known.throughput) ?? known.throughput
        throughput[capacity.direction] = units
        var update = TableUpdate(known, transaction: transaction, now: now)
        if let index {
            try update.changeIndexes([.update(name: index.name, throughput: ThroughputInput(throughput))], nil)
        } else {
            try update.changeCapacity(to: nil, ThroughputInput(throughput))
        }
        var table = update.table
        if capacity.direction == .read { table.overrideReadCapacity(units, of: capacity.index) }
        try transaction.settle(&table, in: catalog, at: now)
        try transaction.store(&table, in: catalog)
    }

    /// A write to one replica is one to all of them.
    func consumption(of capacity: ScalableCapacity) -> Double? {
        guard let table = catalog.table(capacity.identity), table.billing == .provisioned else { return nil }
        guard capacity.direction == .write, let replication = table.replication else {
            return consumption(of: table, capacity)
        }
        return replication.replicas
            .compactMap { catalog.table(table.identity(in: $0.region)) }
            .compactMap { consumption(of: $0, capacity) }
            .reduce(0, +)
    }

    private func consumption(of table: TableDefinition, _ capacity: ScalableCapacity) -> Double? {
        let index = capacity.index.flatMap { table.index(named: $0) }
        guard capacity.index == nil || index != nil else { return nil }
        return meter.consumption(capacity.direction == .read ? .read : .write, table, index)
    }
}

extension ScalableCapacity {
    var identity: TableIdentity { TableIdentity(account: account, region: region, name: table) }
}

extension Throughput {
    subscript(direction: ScalableCapacity.Direction) -> Int64 {
        get { direction == .read ? read : write }
        set { if direction == .read { read = newValue } else { write = newValue } }
    }
}

extension TableDefinition {
    func capacity(_ direction: ScalableCapacity.Direction, of index: String? = nil) -> ScalableCapacity {
        ScalableCapacity(account: account, region: region, table: name, index: index, direction)
    }

    /// What a replica reads otherwise than the rest, for a table that has replicas.
    fileprivate mutating func overrideReadCapacity(_ units: Int64, of index: String?) {
        guard let replicas = replication?.replicas, replication?.version == .current else { return }
        for position in replicas.indices where replicas[position].region == region {
            if let index {
                replication?.replicas[position].overrides.indexReadCapacity[index] = units
            } else {
                replication?.replicas[position].overrides.readCapacity = units
            }
        }
    }
}
