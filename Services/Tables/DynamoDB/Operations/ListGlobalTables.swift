import ServiceKit

/// Lists the global tables of version 2017.11.29 in the order of their names.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListGlobalTables.html)
struct ListGlobalTables: AWSOperation {
    struct Input: InputShape {
        let exclusiveStartGlobalTableName: String?
        let limit: Int?
        let regionName: String?

        init(_ member: Members) throws {
            exclusiveStartGlobalTableName = try member("ExclusiveStartGlobalTableName")
            limit = try member("Limit")
            regionName = try member("RegionName")
        }
    }

    struct Output: OutputShape {
        let globalTables: [GlobalTableOutput]
        let lastEvaluatedGlobalTableName: String?

        func write(to json: inout JSONWriter) {
            json.member("GlobalTables", globalTables)
            json.member("LastEvaluatedGlobalTableName", lastEvaluatedGlobalTableName)
        }
    }

    struct GlobalTableOutput: OutputShape {
        let name: String
        let regions: [String]

        func write(to json: inout JSONWriter) {
            json.member("GlobalTableName", name)
            json.member("ReplicationGroup", regions.map(RegionOutput.init))
        }
    }

    struct RegionOutput: OutputShape {
        let region: String

        func write(to json: inout JSONWriter) { json.member("RegionName", region) }
    }

    private static let defaultLimit = 100

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) -> Output {
        let start = input.exclusiveStartGlobalTableName.map { Text($0) }
        let rest = Self.globalTables(of: call.account, in: tables)
            .filter { input.regionName.map($0.regions.contains) ?? true }
            .drop { table in start.map { Text(table.name) <= $0 } ?? false }
        let page = Array(rest.prefix(input.limit ?? Self.defaultLimit))
        return Output(
            globalTables: page, lastEvaluatedGlobalTableName: page.count < rest.count ? page.last?.name : nil)
    }

    private static func globalTables(of account: String, in tables: TableStore) -> [GlobalTableOutput] {
        var found: [String: [String]] = [:]
        for table in tables.catalog.replicas where table.account == account {
            guard let replication = table.replication, replication.version == .legacy else { continue }
            found[table.name] = replication.replicas.map(\.region)
        }
        return found.map { GlobalTableOutput(name: $0.key, regions: $0.value) }.sorted {
            Text($0.name) < Text($1.name)
        }
    }
}
