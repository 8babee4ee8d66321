import ServiceKit

/// Says how the capacity of every replica of a global table is scaled.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTableReplicaAutoScaling.html)
struct DescribeTableReplicaAutoScaling: AWSOperation {
    struct Input: InputShape {
        let table: TableReference

        init(_ member: Members) throws { table = try member("TableName") }
    }

    struct Output: OutputShape {
        private let table: TableDefinition
        private let replicas: [ReplicaOutput]

        init(_ known: TableDefinition, _ tables: TableStore, in snapshot: Snapshot) throws {
            let table = try snapshot.current(known)
            self.table = table
            replicas = try (table.replication?.replicas ?? []).sorted { $0.region < $1.region }.map { replica in
                // One that is only coming has the indexes it will have.
                let other = try snapshot.table(table.identity(in: replica.region)) ?? table
                return ReplicaOutput(
                    replica: replica, scaling: try TableScaling(other, tables.scaling, in: snapshot))
            }
        }

        func write(to json: inout JSONWriter) {
            json.member("TableAutoScalingDescription") { json in
                json.object { json in
                    json.member("TableName", table.name)
                    json.member("TableStatus", TableDescription(table).status.rawValue)
                    json.member("Replicas", replicas)
                }
            }
        }
    }

    private struct ReplicaOutput: OutputShape {
        let replica: Replica
        let scaling: TableScaling

        func write(to json: inout JSONWriter) {
            json.member("RegionName", replica.region)
            // An index that is being filled is not scaled yet.
            json.member(
                "GlobalSecondaryIndexes",
                scaling.indexes.filter { $0.index.status == .active }.map(IndexOutput.init))
            json.member("ReplicaProvisionedReadCapacityAutoScalingSettings", scaling.read)
            json.member("ReplicaProvisionedWriteCapacityAutoScalingSettings", scaling.write)
            json.member("ReplicaStatus", replica.status.name)
        }
    }

    private struct IndexOutput: OutputShape {
        let scaling: TableScaling.Index

        func write(to json: inout JSONWriter) {
            json.member("IndexName", scaling.index.name)
            json.member("IndexStatus", scaling.index.status.rawValue)
            json.member("ProvisionedReadCapacityAutoScalingSettings", scaling.read)
            json.member("ProvisionedWriteCapacityAutoScalingSettings", scaling.write)
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let table = try tables.scaledGlobalTable(input.table, in: call)
        return try await tables.read { try Output(table, tables, in: $0) }
    }
}

extension TableStore {
    /// - Throws: `ResourceNotFoundException` for a table of one region.
    func scaledGlobalTable(_ reference: TableReference, in call: Call) throws(ServiceError) -> TableDefinition {
        guard let table = catalog.table(reference.identity(in: call)), table.replication?.version == .current else {
            throw .noGlobalTable(reference.name)
        }
        return table
    }
}

extension ServiceError {
    static func noGlobalTable(_ name: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", "Global table with name: '\(name)' does not exist.")
    }
}
