import ApplicationAutoScaling
import ServiceKit

/// The tables of the stack and everything in them.
///
/// Operations go through here: `read` for a snapshot, `write` for a transaction; the SQL is in the `*Store` files
/// beside this one, as extensions of both.
struct TableStore: Sendable {
    let database: Database
    let catalog: Catalog
    let expressions = ExpressionCache()
    let meter: CapacityMeter
    /// What has provisioned capacity follow its consumption.
    let scaling: AutoScaling
    /// What was lately read of tables that are tagged for it.
    let cache: ReadCache
    /// The files of backups.
    let backups: BackupFolder
    /// Wakes what fills new indexes and clears dropped tables away.
    let backgroundWork = WorkSignal()
    /// Wakes what sends exports; apart, as it waits for another service.
    let exportWork = WorkSignal()
    /// Wakes what reads imports.
    let importWork = WorkSignal()
    /// Wakes what brings changes to other replicas.
    let replicaWork = WorkSignal()

    /// Opens on a database with `Schema.migrations` and learns its tables.
    init(_ database: Database, backups: BackupFolder, cache: ReadCache) async throws {
        self.database = database
        self.backups = backups
        self.cache = cache
        database.observe(ItemCommit.self) { cache.note($0) }
        catalog = Catalog()
        meter = CapacityMeter()
        scaling = AutoScaling(database, resources: TableCapacity(catalog: catalog, meter: meter))
        for table in try await database.read({ try $0.tables() }) { catalog.keep(table) }
        let recorded = try await database.read { try $0.backupFiles() }
        backups.sweep(keeping: recorded.union(catalog.all.compactMap { $0.restoration?.file }))
    }

    /// The table of a data operation.
    ///
    /// - Throws: `ResourceNotFoundException`, `AccessDeniedException` while its key cannot be used, or a validation error
    ///   for an impossible name.
    func table(_ reference: TableReference, in call: Call) throws(ServiceError) -> TableDefinition {
        try shared(reference, in: call).definition
    }

    /// The same, for those who pass it on.
    func shared(_ reference: TableReference, in call: Call) throws(ServiceError) -> SharedTable {
        if let table = catalog.shared(reference.identity(in: call)), table.definition.takesRequests {
            try table.definition.requireKey()
            return table
        }
        try reference.validate()
        throw .resourceNotFound
    }

    /// The table of an operation on tables: its error names the table.
    func describedTable(_ reference: TableReference, in call: Call) throws(ServiceError) -> TableDefinition {
        if let table = catalog.table(reference.identity(in: call)) { return table }
        try reference.validate()
        throw .tableNotFound(reference.name)
    }

    func read<Result>(_ body: (Snapshot) throws -> Result) async throws -> Result {
        try await database.read(body)
    }

    func write<Result: Sendable>(
        _ urgency: WriteUrgency = .prompt, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write(urgency, body)
    }

    /// Changes a table's definition: durably, and then for all requests that follow.
    @discardableResult
    func change(
        _ table: TableDefinition, _ body: @escaping @Sendable (inout TableDefinition, Transaction) throws -> Void
    ) async throws -> TableDefinition {
        let catalog = catalog
        return try await database.write { transaction in
            var current = try transaction.current(table)
            try body(&current, transaction)
            try transaction.update(&current)
            let changed = current
            transaction.afterCommit { catalog.keep(changed) }
            return changed
        }
    }
}
