import ServiceKit

/// One item's change with all that hangs on it: index entries, expiry, counters, the stream's record.
struct ItemChange {
    let shared: SharedTable
    let key: [UInt8]
    /// `nil`: there was none.
    let old: ItemVersion?
    /// `nil`: it is deleted.
    let new: ItemVersion?
    let time: Timestamp
    /// Deleted because its time to live has run out.
    var isExpiry = false
    /// Made in another region, which sends it to all others itself.
    var isReplicated = false

    private var table: TableDefinition { shared.definition }

    /// Units written to indexes, by name.
    typealias IndexUnits = [String: Double]

    /// Stores the change. One that changes nothing writes nothing and records nothing, as AWS documents.
    func apply(in transaction: Transaction) throws -> IndexUnits {
        guard old?.stored != new?.stored else { return [:] }
        if let new {
            try transaction.put(new.stored, at: key, in: table)
        } else {
            try transaction.deleteItem(at: key, in: table)
        }
        transaction.count(
            table.id, items: (new == nil ? 0 : 1) - (old == nil ? 0 : 1),
            bytes: try (new?.size() ?? 0) - (old?.size() ?? 0))
        let units = try updateIndexes(in: transaction)
        try updateExpiry(in: transaction)
        if table.recovery != nil { try transaction.remember(old?.stored, at: key, in: table, time) }
        try recordInStream(transaction)
        if let replication = table.replication, !isReplicated {
            try transaction.publish(new?.stored, at: key, of: replication, in: table.region, time)
        }
        return units
    }

    // MARK: Indexes

    private func updateIndexes(in transaction: Transaction) throws -> IndexUnits {
        var units: IndexUnits = [:]
        for index in table.indexes where index.status != .deleting {
            let written = try update(index, in: transaction)
            if written > 0 { units[index.name] = written }
        }
        return units
    }

    private func update(_ index: SecondaryIndex, in transaction: Transaction) throws -> Double {
        let names = index.projectedNames(in: table.schema)
        let before = try Entry(of: old, in: index, key: key, names: names)
        let after = try Entry(of: new, in: index, key: key, names: names)
        guard before != after else { return 0 }
        if before?.key != after?.key {
            // While a new index is being filled, an item of before it may not have its entry yet.
            let existed = try before.map { try transaction.deleteEntry($0.key, in: index) } ?? false
            if let after { try transaction.putEntry(after.key, for: key, in: index) }
            transaction.count(
                index.id, items: (after == nil ? 0 : 1) - (existed ? 1 : 0),
                bytes: (after?.size ?? 0) - (existed ? before?.size ?? 0 : 0))
            return Capacity.writeUnits(before?.size) + Capacity.writeUnits(after?.size)
        }
        if index.backfillPosition == nil {
            transaction.count(index.id, items: 0, bytes: (after?.size ?? 0) - (before?.size ?? 0))
        }
        return max(Capacity.writeUnits(before?.size), Capacity.writeUnits(after?.size))
    }

    /// What an index holds of an item.
    private struct Entry: Equatable {
        let key: [UInt8]
        let size: Int
        private let projected: AttributeMap

        init?(of item: ItemVersion?, in index: SecondaryIndex, key: [UInt8], names: [Text]?) throws {
            guard let item else { return nil }
            let attributes = try item.attributes()
            guard let entryKey = index.entryKey(for: attributes, stored: key) else { return nil }
            self.key = entryKey
            projected = names.map { Projection(names: $0).apply(to: attributes) } ?? attributes
            size = projected.size
        }
    }

    // MARK: Expiry

    private func updateExpiry(in transaction: Transaction) throws {
        guard let timeToLive = table.timeToLive else { return }
        let before = try old.flatMap { timeToLive.expiry(of: try $0.attributes()) }
        let after = try new.flatMap { timeToLive.expiry(of: try $0.attributes()) }
        guard before != after else { return }
        if let before { try transaction.deleteExpiry(at: before, of: key, in: table) }
        if let after { try transaction.putExpiry(at: after, of: key, in: table) }
    }

    // MARK: Stream

    private func recordInStream(_ transaction: Transaction) throws {
        guard let stream = table.stream, let image = new ?? old else { return }
        let keys = table.schema.key(of: try image.attributes())
        try transaction.append(
            StreamRecord(
                sequence: 0, time: time, event: old == nil ? .insert : new == nil ? .remove : .modify,
                isExpiry: isExpiry, keys: StoredItem(keys), old: stream.view.showsOld ? old?.stored : nil,
                new: stream.view.showsNew ? new?.stored : nil),
            to: stream.id)
    }
}

extension TableDefinition.TimeToLive {
    /// When an item expires, in seconds since 1970; `nil` for never.
    func expiry(of item: AttributeMap) -> Int64? {
        guard case .number(let number)? = item[attribute] else { return nil }
        return number.wholePart.map(Int64.init)
    }
}
