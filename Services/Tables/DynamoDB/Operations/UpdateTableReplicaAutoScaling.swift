import ServiceKit

/// Sets how the capacity of a global table's replicas is scaled.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTableReplicaAutoScaling.html)
struct UpdateTableReplicaAutoScaling: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let write: AutoScalingUpdate?
        let indexes: [IndexWrites]?
        let replicas: [ReplicaReads]?

        init(_ member: Members) throws {
            table = try member("TableName")
            write = try member("ProvisionedWriteCapacityAutoScalingUpdate")
            indexes = try member("GlobalSecondaryIndexUpdates")
            replicas = try member("ReplicaUpdates")
        }
    }

    /// One member of `GlobalSecondaryIndexUpdates`.
    struct IndexWrites: InputShape {
        let name: String?
        let write: AutoScalingUpdate?

        init(_ member: Members) throws {
            name = try member("IndexName")
            write = try member("ProvisionedWriteCapacityAutoScalingUpdate")
        }
    }

    /// One member of `ReplicaUpdates`.
    struct ReplicaReads: InputShape {
        let region: String
        let read: AutoScalingUpdate?
        let indexes: [IndexReads]?

        init(_ member: Members) throws {
            region = try member("RegionName")
            read = try member("ReplicaProvisionedReadCapacityAutoScalingUpdate")
            indexes = try member("ReplicaGlobalSecondaryIndexUpdates")
        }

        var isEmpty: Bool { read == nil && !(indexes ?? []).contains { $0.read != nil } }
    }

    /// One member of `ReplicaGlobalSecondaryIndexUpdates`.
    struct IndexReads: InputShape {
        let name: String?
        let read: AutoScalingUpdate?

        init(_ member: Members) throws {
            name = try member("IndexName")
            read = try member("ProvisionedReadCapacityAutoScalingUpdate")
        }
    }

    typealias Output = DescribeTableReplicaAutoScaling.Output

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let known = try tables.scaledGlobalTable(input.table, in: call)
        try input.validate(for: known)
        return try await tables.write { [tables] transaction in
            let table = try transaction.current(known)
            let global = try GlobalTable(of: table, in: transaction, tables.catalog)
            let changes = try input.changes(of: global)
            for change in changes { try change.update.validate(for: table) }
            try changes.apply(tables.scaling, in: transaction, at: call.now)
            return try Output(table, tables, in: transaction)
        }
    }
}

extension UpdateTableReplicaAutoScaling.Input {
    /// What can be told without looking at the replicas.
    fileprivate func validate(for table: TableDefinition) throws(ServiceError) {
        let replicas = replicas ?? []
        guard write != nil || (indexes ?? []).contains(where: { $0.write != nil }) || !replicas.isEmpty else {
            throw .replicaSettings(table, "at least one update parameter must be specified.")
        }
        let regions = replicas.map(\.region)
        let repeated = Set(regions).filter { region in regions.count { $0 == region } > 1 }.sorted()
        guard repeated.isEmpty else {
            throw .replicaSettings(
                table, "the regions: ‘[\(repeated.joined(separator: ", "))]’ were specified more than once.")
        }
        if let empty = replicas.first(where: \.isEmpty) {
            throw .replicaSettings(
                table, "at least one update parameter must be specified for region: ‘\(empty.region)’.")
        }
    }

    /// - Throws: `ResourceNotFoundException` for replicas or indexes that are not there.
    fileprivate func changes(of global: GlobalTable) throws(ServiceError) -> [AutoScalingChange] {
        var changes: [AutoScalingChange] = []
        guard let table = global.tables.first else { return changes }
        changes.append(write, .write, in: global.tables)
        let unknown = (indexes ?? []).compactMap(\.name).filter { !table.hasScalableIndex($0) }
        guard unknown.isEmpty else {
            throw .noReplicaSettings(
                table, "the global secondary indexes with names: ‘[\(unknown.joined(separator: ", "))]’ do not exist.")
        }
        for index in indexes ?? [] { changes.append(index.write, .write, of: index.name, in: global.tables) }
        for replica in replicas ?? [] {
            guard let other = global[replica.region] else {
                throw .noReplicaSettings(table, "a replica does not exist in regions: ‘[\(replica.region)]’.")
            }
            changes += try replica.changes(of: other)
        }
        return changes
    }
}

extension UpdateTableReplicaAutoScaling.ReplicaReads {
    fileprivate func changes(of table: TableDefinition) throws(ServiceError) -> [AutoScalingChange] {
        var changes: [AutoScalingChange] = []
        changes.append(read, .read, in: [table])
        for index in indexes ?? [] {
            guard let name = index.name, table.hasScalableIndex(name) else {
                throw .noReplicaSettings(
                    table,
                    "a global secondary index with name: ‘\(index.name ?? "")’ does not exist in region: ‘\(region)’.")
            }
            changes.append(index.read, .read, of: name, in: [table])
        }
        return changes
    }
}

extension TableDefinition {
    fileprivate func hasScalableIndex(_ name: String) -> Bool {
        index(named: name).map { $0.scope == .global && $0.status == .active } ?? false
    }
}

extension ServiceError {
    fileprivate static func replicaSettings(_ table: TableDefinition, _ reason: String) -> ServiceError {
        .validation("Failed to update settings for global table with name: ‘\(table.name)’ because \(reason)")
    }

    fileprivate static func noReplicaSettings(_ table: TableDefinition, _ reason: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", replicaSettings(table, reason).message)
    }
}
