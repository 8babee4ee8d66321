import ServiceKit

/// Fills new indexes, and notes the expiry of older items, while the table is in use.
///
/// Each step takes a stretch of the table in a transaction of its own and stores where it has come to, so that a
/// crash repeats nothing and loses nothing. Writes keep the new index up to date from the moment it exists; a step
/// only adds what is missing.
struct Backfiller: Sendable {
    private static let stride = 250

    let tables: TableStore

    /// Returns when no table has anything left to fill.
    func run() async throws {
        for table in tables.catalog.all {
            while try await step(table) { try Task.checkCancellation() }
        }
    }

    /// True if there may be more to do.
    private func step(_ table: TableDefinition) async throws -> Bool {
        let isPending = { (table: TableDefinition) in
            table.indexes.contains { $0.status == .creating } || table.timeToLive?.backfillPosition != nil
        }
        guard let now = tables.catalog.table(table.identity), now.id == table.id, isPending(now) else { return false }
        do {
            try await tables.change(now) { table, transaction in
                for position in table.indexes.indices where table.indexes[position].status == .creating {
                    try Self.fill(&table.indexes[position], of: table, in: transaction)
                }
                try Self.noteExpiries(of: &table, in: transaction)
            }
            return true
        } catch let error as ServiceError where error.code == ServiceError.resourceNotFound.code {
            // Deleted meanwhile.
            return false
        }
    }

    private static func fill(
        _ index: inout SecondaryIndex, of table: TableDefinition, in transaction: Transaction
    ) throws {
        let stretch = try stretch(of: table, after: index.backfillPosition ?? [], in: transaction)
        let names = index.projectedNames(in: table.schema)
        for (key, item) in stretch {
            guard let entry = index.entryKey(for: item, stored: key),
                try transaction.putEntry(entry, for: key, in: index)
            else { continue }
            let projected = names.map { Projection(names: $0).apply(to: item) } ?? item
            transaction.count(index.id, items: 1, bytes: projected.size)
        }
        index.backfillPosition = stretch.count < stride ? nil : stretch.last?.key
        if index.backfillPosition == nil { index.status = .active }
    }

    private static func noteExpiries(of table: inout TableDefinition, in transaction: Transaction) throws {
        guard var timeToLive = table.timeToLive, let position = timeToLive.backfillPosition else { return }
        let stretch = try stretch(of: table, after: position, in: transaction)
        for (key, item) in stretch {
            guard let expiry = timeToLive.expiry(of: item) else { continue }
            try transaction.putExpiry(at: expiry, of: key, in: table)
        }
        timeToLive.backfillPosition = stretch.count < stride ? nil : stretch.last?.key
        table.timeToLive = timeToLive
    }

    private static func stretch(
        of table: TableDefinition, after position: [UInt8], in transaction: Transaction
    ) throws -> [(key: [UInt8], item: AttributeMap)] {
        var items: [(key: [UInt8], item: AttributeMap)] = []
        let range = KeyRange(lower: position.isEmpty ? [] : position + [0], upper: nil)
        try transaction.scanItems(of: table, range) { key, bytes in
            items.append((key, try ItemReader.item(bytes)))
            return items.count < stride ? .next : .stop
        }
        return items
    }
}
