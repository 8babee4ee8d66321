/// A global or local secondary index.
struct SecondaryIndex: Sendable, Hashable {
    enum Scope: String, Sendable { case global, local }

    enum Status: String, Sendable {
        case creating = "CREATING"
        case active = "ACTIVE"
        case deleting = "DELETING"
    }

    /// What its items hold besides the keys of table and index.
    enum Projection: Sendable, Hashable {
        case all
        case keysOnly
        case include([Text])
    }

    /// Its entries in the storage.
    let id: Int64
    let name: String
    let scope: Scope
    let schema: KeySchema
    let projection: Projection
    var status: Status
    /// Where filling a new index from the table has come to; `nil` when it is complete.
    var backfillPosition: [UInt8]?
    var throughput: Throughput?
    var capacityHistory = CapacityHistory()

    /// The attributes its items have, or `nil` for all.
    func projectedNames(in table: KeySchema) -> [Text]? {
        switch projection {
        case .all: nil
        case .keysOnly: unique(table.names + schema.names)
        case .include(let names): unique(table.names + schema.names + names)
        }
    }

    private func unique(_ names: [Text]) -> [Text] {
        var seen: Set<Text> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// The bytes an item's entry is stored under; `nil` for an item the index does not hold.
    ///
    /// Items of before the index may have values no key can have; it leaves them out.
    func entryKey(for item: AttributeMap, stored itemKey: [UInt8]) -> [UInt8]? {
        guard (try? schema.validate(item: item, forIndex: name)) != nil else { return nil }
        return schema.encode(item).map { $0 + itemKey }
    }
}

/// Provisioned capacity units a second.
struct Throughput: Sendable, Hashable {
    var read: Int64
    var write: Int64
}
