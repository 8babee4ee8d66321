import ServiceKit

/// Deletes a table. It is gone at once; what it held is cleared away in the background.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html)
struct DeleteTable: AWSOperation {
    struct Input: InputShape {
        let table: TableReference

        init(_ member: Members) throws { table = try member("TableName") }
    }

    struct Output: OutputShape {
        let tableDescription: TableDescription

        func write(to json: inout JSONWriter) { json.member("TableDescription", tableDescription) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let known = try tables.describedTable(input.table, in: call)
        let catalog = tables.catalog
        let description = try await tables.write { transaction in
            let table = try transaction.current(known)
            guard !table.isDeletionProtected else {
                throw ServiceError.validation(
                    "Resource cannot be deleted as it is currently protected against deletion. "
                        + "Disable deletion protection first.")
            }
            let description = try TableDescription(table, status: .deleting, in: transaction, at: call.now)
            if table.replication == nil {
                try transaction.delete(table, in: catalog, at: call.now)
            } else {
                try Self.leave(table, in: transaction, catalog, at: call.now)
            }
            return description
        }
        tables.backgroundWork.signal()
        tables.replicaWork.signal()
        return Output(tableDescription: description)
    }

    /// A replica of a global table goes once the others have all its changes.
    private static func leave(
        _ table: TableDefinition, in transaction: Transaction, _ catalog: Catalog, at now: Timestamp
    ) throws {
        guard table.takesRequests else {
            throw ServiceError.resourceInUse(
                "Attempt to change a resource which is still in use: Table: \(table.name) is being used.")
        }
        try table.requireSteadyReplicas()
        var global = try GlobalTable(of: table, in: transaction, catalog)
        try global.beginDeletion(of: table.region, at: now)
        try global.store()
    }
}
