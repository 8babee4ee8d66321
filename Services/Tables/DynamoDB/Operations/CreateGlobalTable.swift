import ServiceKit

/// Makes empty tables of one name in several regions the replicas of a global table, of version 2017.11.29.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateGlobalTable.html)
struct CreateGlobalTable: AWSOperation {
    struct Input: InputShape {
        let globalTableName: String
        let regions: [String]

        init(_ member: Members) throws {
            globalTableName = try member("GlobalTableName")
            let group: [NamedRegion] = try member("ReplicationGroup")
            regions = group.map(\.region)
        }
    }

    struct Output: OutputShape {
        let description: GlobalTableDescription?

        func write(to json: inout JSONWriter) { json.member("GlobalTableDescription", description) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        LegacyGlobalTable.permissions(input.globalTableName, input.regions, tables, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let first = input.regions.first else {
            throw ServiceError.invalidParameter("Global table must have atleast one replica")
        }
        guard Set(input.regions).count == input.regions.count else {
            throw ServiceError.invalidParameter("ReplicationGroup names a region twice")
        }
        guard LegacyGlobalTable(input.globalTableName, tables, in: call).member == nil else {
            throw ServiceError(
                "GlobalTableAlreadyExistsException",
                "Global table with name: '\(input.globalTableName)' already exists.")
        }
        let identity = TableIdentity(account: call.account, region: first, name: input.globalTableName)
        let catalog = tables.catalog
        let table = try await tables.write { transaction in
            let table = try transaction.legacyCandidate(identity, like: nil)
            var global = try GlobalTable(of: table, in: transaction, catalog)
            for region in input.regions.dropFirst() {
                global.include(try transaction.legacyCandidate(table.identity(in: region), like: table))
            }
            try global.form(.legacy, at: call.now)
            try global.store()
            return global[first] ?? table
        }
        return Output(description: GlobalTableDescription(table, in: call))
    }
}
