import ServiceKit

/// Deletes items whose time to live has run out, in the name of the service.
///
/// [Time to live](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html)
struct ExpiryReaper: Sendable {
    private static let stride = 100
    /// Items that expired longer ago are taken for a mistake and kept.
    private static let oldest: Int64 = 5 * 365 * 86400

    let tables: TableStore

    /// Deletes what had expired at `now`.
    func run(at now: Timestamp) async throws {
        for table in tables.catalog.all where table.timeToLive != nil && table.deletesExpiredItems && table.isAccessible
        {
            while try await step(table, at: now) { try Task.checkCancellation() }
        }
    }

    /// True if there may be more to do.
    private func step(_ known: TableDefinition, at now: Timestamp) async throws -> Bool {
        let span = (now.seconds - Self.oldest)...now.seconds
        do {
            return try await tables.write(.background) { transaction in
                let table = try transaction.current(known)
                guard let timeToLive = table.timeToLive else { return false }
                let due = try transaction.expired(in: table, span, limit: Self.stride)
                for entry in due {
                    try Self.remove(entry, timeToLive, from: table, span, at: now, in: transaction)
                }
                return due.count == Self.stride
            }
        } catch let error as ServiceError where error.code == ServiceError.resourceNotFound.code {
            return false
        }
    }

    private static func remove(
        _ entry: Expiry, _ timeToLive: TableDefinition.TimeToLive, from table: TableDefinition,
        _ span: ClosedRange<Int64>, at now: Timestamp, in transaction: Transaction
    ) throws {
        // The note may be of before another attribute was chosen.
        try transaction.deleteExpiry(at: entry.seconds, of: entry.item, in: table)
        guard let old = try transaction.item(entry.item, in: table).map({ ItemVersion($0) }),
            let expiry = timeToLive.expiry(of: try old.attributes()), span.contains(expiry)
        else { return }
        let change = ItemChange(
            shared: SharedTable(table), key: entry.item, old: old, new: nil, time: now, isExpiry: true)
        _ = try change.apply(in: transaction)
    }
}

extension TableDefinition {
    fileprivate var deletesExpiredItems: Bool { replication?.deletesExpiredItems(in: region) ?? true }
}

/// When an item expires.
struct Expiry: Sendable {
    let seconds: Int64
    let item: [UInt8]
}
