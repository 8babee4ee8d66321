import ServiceKit

/// The answer to a query or scan as it was given once.
struct CachedPage: Sendable {
    /// The inside of the answer's JSON object.
    let members: [UInt8]
    let units: Double
    let indexName: String?
}

/// A query or scan that may be answered with what it was answered before: the same request, byte for byte.
///
/// Made after the caller was found to hold the permissions, it costs the capacity it would cost without a cache.
struct PageLookup: Sendable {
    private let tables: TableStore
    private let table: TableDefinition
    private let key: ReadCache.Key
    private let lifetime: Duration?
    private let answer: ReadCache.Answer
    private let now: Timestamp

    /// `nil` where the cache has no part in it.
    init?(
        _ kind: ReadCache.Key.Kind, _ request: JSONValue, of reference: TableReference, _ selection: ReadSelection,
        in tables: TableStore, _ call: Call
    ) {
        guard let table = tables.catalog.table(reference.identity(in: call)), table.takesRequests, table.isAccessible,
            let times = tables.cacheTimes(of: table, isConsistent: selection.isConsistent)
        else { return nil }
        self.tables = tables
        self.table = table
        now = call.now
        lifetime = times.pages
        key = ReadCache.Key(kind, Array(request.rawBytes), of: table)
        answer = tables.cache.find(key, within: lifetime, at: now)
    }

    /// The answer of before, if there is one.
    ///
    /// - Throws: `ProvisionedThroughputExceededException`, as without a cache.
    func page() throws(ServiceError) -> PageOutput? {
        guard case .found(.page(let page)) = answer else { return nil }
        let index = page.indexName.flatMap { table.index(named: $0) }
        try tables.meter.admit(.read, table, index, at: now)
        tables.meter.charge(read: page.units, table, index, at: now)
        return PageOutput(members: page.members)
    }

    /// Keeps the answer for the next who asks.
    func keep(_ output: PageOutput, units: Double, index: SecondaryIndex?) -> PageOutput {
        guard case .missing(let ticket) = answer else { return output }
        var json = JSONWriter()
        json.value(output)
        let members = Array(json.bytes.dropFirst().dropLast())
        tables.cache.keep(
            .page(CachedPage(members: members, units: units, indexName: index?.name)), for: key, ticket,
            lifetime: lifetime, at: now)
        return PageOutput(members: members)
    }
}
