import ServiceKit

/// Fills tables from the files of backups, a little at a time.
///
/// Every step stores where it has come to together with its items: a crash repeats nothing and loses nothing.
struct Restorer: Sendable {
    private static let stride = 250

    let tables: TableStore

    /// Returns when no table is left to be filled.
    func run(at now: Timestamp) async throws {
        for table in tables.catalog.all where table.isBeingRestored {
            while try await step(table, at: now) { try Task.checkCancellation() }
        }
    }

    /// True if there may be more to do.
    private func step(_ known: TableDefinition, at now: Timestamp) async throws -> Bool {
        guard let table = tables.catalog.table(known.identity), table.id == known.id,
            let restoration = table.restoration, let offset = restoration.offset
        else { return false }
        let (items, next) = try tables.backups.read(restoration.file, from: offset, limit: Self.stride)
        do {
            try await tables.change(table) { table, transaction in
                for item in items { try Self.insert(item, into: table, at: now, in: transaction) }
                table.restoration?.offset = items.isEmpty ? nil : next
            }
        } catch let error as ServiceError where error.code == ServiceError.resourceNotFound.code {
            // Deleted meanwhile.
            if restoration.isOwner { tables.backups.remove(restoration.file) }
            return false
        }
        if items.isEmpty, restoration.isOwner { tables.backups.remove(restoration.file) }
        return !items.isEmpty
    }

    private static func insert(
        _ stored: StoredItem, into table: TableDefinition, at now: Timestamp, in transaction: Transaction
    ) throws {
        let item = try stored.attributes()
        guard let key = table.schema.encode(item) else { throw DamagedItem() }
        let old = try transaction.item(key, in: table).map { ItemVersion($0) }
        let change = ItemChange(
            shared: SharedTable(table), key: key, old: old, new: ItemVersion(stored, item), time: now)
        _ = try change.apply(in: transaction)
    }
}
