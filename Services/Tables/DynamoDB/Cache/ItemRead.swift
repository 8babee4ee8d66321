import ServiceKit

/// One item about to be read.
///
/// The cache is asked here, before a snapshot is opened: what is read afterwards is not older than the ticket.
struct ItemRead: Sendable {
    private struct Lookup: Sendable {
        let key: ReadCache.Key
        let lifetime: Duration?
        let answer: ReadCache.Answer
    }

    let key: [UInt8]
    /// `nil` where the cache has no part in it.
    private let lookup: Lookup?

    /// - Parameter times: `nil` for a table that is not cached, and for a read that is to be strongly consistent.
    init(_ key: [UInt8], of table: TableDefinition, _ times: CacheTimes?, in cache: ReadCache, at now: Timestamp) {
        self.key = key
        lookup = times.map { times in
            let cacheKey = ReadCache.Key(.item, key, of: table)
            return Lookup(
                key: cacheKey, lifetime: times.items, answer: cache.find(cacheKey, within: times.items, at: now))
        }
    }

    /// The item where the cache knows it, and then no snapshot is needed: inside, `nil` for one that is not there.
    var known: StoredItem?? {
        guard case .found(.item(let item))? = lookup?.answer else { return nil }
        return .some(item)
    }

    /// Lends the item's bytes; `nil` without a call where there is none.
    ///
    /// - Parameter snapshot: opened after this was made; asked only where the cache has no answer.
    func withItem<Result>(
        of table: TableDefinition, _ snapshot: Snapshot, _ cache: ReadCache, at now: Timestamp,
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) throws -> Result? {
        if let item = known { return try item?.bytes.withUnsafeBufferPointer(body) }
        guard let lookup, case .missing(let ticket) = lookup.answer else {
            return try snapshot.withItem(key, in: table, body)
        }
        let item = try snapshot.item(key, in: table)
        cache.keep(.item(item), for: lookup.key, ticket, lifetime: lookup.lifetime, at: now)
        return try item?.bytes.withUnsafeBufferPointer(body)
    }
}

extension TableStore {
    /// How long what a read finds is kept; `nil` where the cache has no part in it.
    func cacheTimes(of table: TableDefinition, isConsistent: Bool) -> CacheTimes? {
        isConsistent ? nil : cache.times(of: table)
    }

    /// Lends the bytes of one item, from the cache or the storage; `nil` without a call where there is none.
    func withItem<Result>(
        _ key: [UInt8], of table: TableDefinition, isConsistent: Bool, at now: Timestamp,
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) async throws -> Result? {
        let times = cacheTimes(of: table, isConsistent: isConsistent)
        guard times != nil else { return try await read { try $0.withItem(key, in: table, body) } }
        let item = ItemRead(key, of: table, times, in: cache, at: now)
        if let known = item.known { return try known?.bytes.withUnsafeBufferPointer(body) }
        return try await read { try item.withItem(of: table, $0, cache, at: now, body) }
    }
}
