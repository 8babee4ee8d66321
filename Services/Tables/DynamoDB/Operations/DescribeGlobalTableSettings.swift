import ServiceKit

/// Describes what the replicas of a global table of version 2017.11.29 have for settings.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTableSettings.html)
struct DescribeGlobalTableSettings: AWSOperation {
    typealias Input = DescribeGlobalTable.Input

    struct Output: OutputShape {
        let globalTableName: String
        let replicaSettings: [ReplicaSettingsDescription]

        /// Of the global table that a replica belongs to.
        init(_ replica: TableDefinition, _ tables: TableStore, in snapshot: Snapshot) throws {
            globalTableName = replica.name
            replicaSettings = try (replica.replication?.replicas ?? []).compactMap { other in
                try snapshot.table(replica.identity(in: other.region)).map { table in
                    ReplicaSettingsDescription(table, try TableScaling(table, tables.scaling, in: snapshot))
                }
            }
        }

        func write(to json: inout JSONWriter) {
            json.member("GlobalTableName", globalTableName)
            json.member("ReplicaSettings", replicaSettings)
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        LegacyGlobalTable.permissions(input.globalTableName, [], tables, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let table = try LegacyGlobalTable(input.globalTableName, tables, in: call).find()
        return try await tables.read { try Output(table, tables, in: $0) }
    }
}
