import ServiceKit

/// Says of every replica of a global table that nothing scales its capacity.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTableReplicaAutoScaling.html)
struct DescribeTableReplicaAutoScaling: AWSOperation {
    struct Input: InputShape {
        let table: TableReference

        init(_ member: Members) throws { table = try member("TableName") }
    }

    struct Output: OutputShape {
        private let table: TableDefinition
        private let replicas: [Replica]

        /// - Throws: `ResourceNotFoundException` for a table of one region.
        init(_ table: TableDefinition) throws(ServiceError) {
            guard let replication = table.replication, replication.version == .current else {
                throw .noGlobalTable(table.name)
            }
            self.table = table
            replicas = replication.replicas.sorted { $0.region < $1.region }
        }

        func write(to json: inout JSONWriter) {
            json.member("TableAutoScalingDescription") { json in
                json.object { json in
                    json.member("TableName", table.name)
                    json.member("TableStatus", TableDescription(table).status.rawValue)
                    json.member("Replicas", replicas.map { ReplicaOutput(replica: $0, table: table) })
                }
            }
        }
    }

    private struct ReplicaOutput: OutputShape {
        let replica: Replica
        let table: TableDefinition

        func write(to json: inout JSONWriter) {
            json.member("RegionName", replica.region)
            json.member(
                "GlobalSecondaryIndexes", table.indexes.filter { $0.scope == .global }.map(IndexOutput.init))
            json.member("ReplicaProvisionedReadCapacityAutoScalingSettings", AutoScalingOff())
            json.member("ReplicaProvisionedWriteCapacityAutoScalingSettings", AutoScalingOff())
            json.member("ReplicaStatus", replica.status.name)
        }
    }

    private struct IndexOutput: OutputShape {
        let index: SecondaryIndex

        func write(to json: inout JSONWriter) {
            json.member("IndexName", index.name)
            json.member("IndexStatus", index.status.rawValue)
            json.member("ProvisionedReadCapacityAutoScalingSettings", AutoScalingOff())
            json.member("ProvisionedWriteCapacityAutoScalingSettings", AutoScalingOff())
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        guard let table = tables.catalog.table(input.table.identity(in: call)) else {
            throw ServiceError.noGlobalTable(input.table.name)
        }
        return try Output(table)
    }
}

extension ServiceError {
    static func noGlobalTable(_ name: String) -> ServiceError {
        ServiceError("ResourceNotFoundException", "Global table with name: '\(name)' does not exist.")
    }
}
