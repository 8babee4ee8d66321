import ServiceKit

/// Creates a table with its indexes and, if wanted, its stream.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html)
struct CreateTable: AWSOperation {
    typealias Input = TableDesign

    struct Output: OutputShape {
        let tableDescription: TableDescription

        func write(to json: inout JSONWriter) { json.member("TableDescription", tableDescription) }
    }

    let tables: TableStore
    let keys: TableKeys

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: input.table.arn(in: call))] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let identity = input.table.identity(in: call)
        try input.table.validate()
        let catalog = tables.catalog
        let key = try await keys.encryption(input.encryption, in: call)
        let table = try await tables.write { transaction in
            guard try !transaction.hasTable(identity) else { throw ServiceError.tableExists(identity.name) }
            let table = try input.definition(identity, key, in: transaction, at: call.now)
            try transaction.insert(table)
            transaction.afterCommit { catalog.keep(table) }
            return table
        }
        return Output(tableDescription: TableDescription(table, status: .creating))
    }
}
