import ServiceKit

/// What one page of Query or Scan holds.
struct Page: Sendable {
    var items = PreparedItems()
    /// Items that passed the filter.
    var count = 0
    /// Items read.
    var scannedCount = 0
    /// Bytes read, for capacity.
    var size = 0
    /// Read from the table for what a local index does not hold, of which each item counts by itself.
    var fetchedBlocks = 0
    /// Where the next page begins; `nil` at the end.
    var lastKey: AttributeMap?

    var isFull: Bool { size + fetchedBlocks * Capacity.readBlock >= ItemLimits.pageSize }

    func units(isConsistent: Bool) -> Double {
        Capacity.readUnits(size, isConsistent: isConsistent) + fetchedUnits(isConsistent: isConsistent)
    }

    func fetchedUnits(isConsistent: Bool) -> Double {
        Capacity.readUnits(blocks: fetchedBlocks, isConsistent: isConsistent)
    }
}

/// Reads one page of a range, in its order.
struct PageReader: Sendable {
    let table: TableDefinition
    let index: SecondaryIndex?
    var range: KeyRange
    let forward: Bool
    /// Of items read, before the filter.
    let limit: Int?
    let filter: Condition?
    /// The attributes an index offers; `nil` for whole items.
    let visibleNames: [Text]?
    let projection: Projection?
    let countsOnly: Bool

    func page(of snapshot: Snapshot) throws -> Page {
        var page = Page()
        try snapshot.scanValues(of: table, by: index, range, forward: forward) { bytes in
            try read(bytes, into: &page)
            page.scannedCount += 1
            let isFull = page.scannedCount == limit ?? -1 || page.isFull
            guard isFull else { return .next }
            page.lastKey = try startKey(after: ItemReader.item(bytes))
            return .stop
        }
        return page
    }

    private func read(_ bytes: UnsafeBufferPointer<UInt8>, into page: inout Page) throws {
        if filter == nil, visibleNames == nil {
            // The common case: the stored bytes become the answer, no value is made.
            try count(bytes, in: &page)
            page.count += 1
            if !countsOnly { try page.items.append(bytes, projection) }
            return
        }
        var item = try ItemReader.item(bytes)
        if let visibleNames { item = Projection(names: visibleNames).apply(to: item) }
        if visibleNames == nil { try count(bytes, in: &page) } else { page.size += item.size }
        guard filter?.isTrue(for: item) ?? true else { return }
        page.count += 1
        if !countsOnly { page.items.append(projection?.apply(to: item) ?? item) }
    }

    /// Adds the size of a whole item, as it was read.
    ///
    /// [Capacity of local indexes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ThroughputConsiderations)
    private func count(_ bytes: UnsafeBufferPointer<UInt8>, in page: inout Page) throws {
        guard let index, let names = index.projectedNames(in: table.schema) else {
            page.size += try ItemReader.size(bytes)
            return
        }
        page.size += Projection(names: names).apply(to: try ItemReader.item(bytes)).size
        page.fetchedBlocks += Capacity.readBlocks(try ItemReader.size(bytes))
    }

    private func startKey(after item: AttributeMap) -> AttributeMap {
        var key = table.schema.key(of: item)
        for name in index?.schema.names ?? [] { key[name] = item[name] }
        return key
    }
}

/// What Query and Scan answer.
enum PageOutput: OutputShape {
    case read(Page, answersItems: Bool, ConsumedCapacity?)
    /// The inside of an answer's JSON object, written before.
    case written([UInt8])

    init(members: [UInt8]) { self = .written(members) }

    init(_ page: Page, of reader: PageReader, isConsistent: Bool, _ report: CapacityReport) {
        let units = Capacity.readUnits(page.size, isConsistent: isConsistent)
        let fetched = page.fetchedUnits(isConsistent: isConsistent)
        var consumed = ConsumedCapacity(report, table: reader.table, units: reader.index == nil ? units : fetched)
        if let index = reader.index { consumed.add([index.name: units], of: reader.table) }
        self = .read(page, answersItems: !reader.countsOnly, consumed.ifWanted)
    }

    func write(to json: inout JSONWriter) {
        switch self {
        case .written(let members): json.raw(members)
        case .read(let page, let answersItems, let consumedCapacity):
            if answersItems { json.member("Items", page.items) }
            json.member("Count", page.count)
            json.member("ScannedCount", page.scannedCount)
            json.member("LastEvaluatedKey", page.lastKey)
            json.member("ConsumedCapacity", consumedCapacity)
        }
    }
}
