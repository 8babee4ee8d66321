import ServiceKit

/// Hears that the capacity of replicas shall not be scaled, and refuses what would have to be.
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

        var updates: [AutoScalingUpdate] {
            let reads = (replicas ?? []).flatMap { [$0.read] + ($0.indexes ?? []).map(\.read) }
            return ([write] + (indexes ?? []).map(\.write) + reads).compactMap { $0 }
        }
    }

    /// One member of `GlobalSecondaryIndexUpdates`.
    struct IndexWrites: InputShape {
        let write: AutoScalingUpdate?

        init(_ member: Members) throws { write = try member("ProvisionedWriteCapacityAutoScalingUpdate") }
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
    }

    /// One member of `ReplicaGlobalSecondaryIndexUpdates`.
    struct IndexReads: InputShape {
        let read: AutoScalingUpdate?

        init(_ member: Members) throws { read = try member("ProvisionedReadCapacityAutoScalingUpdate") }
    }

    typealias Output = DescribeTableReplicaAutoScaling.Output

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        guard let table = tables.catalog.table(input.table.identity(in: call)) else {
            throw ServiceError.noGlobalTable(input.table.name)
        }
        let output = try Output(table)
        guard !input.updates.isEmpty else {
            throw ServiceError.validation(
                "Failed to update settings for global table with name: ‘\(table.name)’ because at least one update "
                    + "parameter must be specified.")
        }
        for update in input.updates { try update.requireOff(table.name) }
        return output
    }
}
