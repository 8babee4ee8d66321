import ServiceKit

/// Describes what the replicas of a global table of version 2017.11.29 have for settings.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTableSettings.html)
struct DescribeGlobalTableSettings: AWSOperation {
    typealias Input = DescribeGlobalTable.Input

    struct Output: OutputShape {
        let globalTableName: String
        let replicaSettings: [ReplicaSettingsDescription]

        init(_ tables: [TableDefinition]) {
            globalTableName = tables.first?.name ?? ""
            replicaSettings = tables.map { table in
                ReplicaSettingsDescription(
                    table: table, status: table.replication?[table.region]?.status ?? Replica.Status.active)
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

    func perform(_ input: Input, in call: Call) throws -> Output {
        let table = try LegacyGlobalTable(input.globalTableName, tables, in: call).find()
        let replicas = table.replication?.replicas ?? []
        return Output(replicas.compactMap { tables.catalog.table(table.identity(in: $0.region)) })
    }
}
