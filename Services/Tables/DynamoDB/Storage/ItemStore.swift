import ServiceKit

extension Snapshot {
    func item(_ key: [UInt8], in table: TableDefinition) throws -> StoredItem? {
        try first("SELECT value FROM item WHERE \"table\" = ? AND key = ?", table.id, key) {
            StoredItem(bytes: try $0[0])
        }
    }

    func hasItems(in table: TableDefinition) throws -> Bool {
        try exists("SELECT 1 FROM item WHERE \"table\" = ?", table.id)
    }

    /// Lends the item's bytes without copying them; `nil` without a call where there is none.
    func withItem<Result>(
        _ key: [UInt8], in table: TableDefinition, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) throws -> Result? {
        try first("SELECT value FROM item WHERE \"table\" = ? AND key = ?", table.id, key) { row in
            try row.withBytes(at: 0) { try body($0.assumingMemoryBound(to: UInt8.self)) }
        }
    }

    /// Visits the stored items of a range, in the order of the keys they lie under.
    ///
    /// - Parameter index: whose order it shall be; `nil` for the table's own.
    func scanItems(
        of table: TableDefinition, by index: SecondaryIndex? = nil, _ range: KeyRange, forward: Bool = true,
        _ body: (_ key: [UInt8], _ item: UnsafeBufferPointer<UInt8>) throws -> ScanStep
    ) throws {
        try scanRows(of: table, by: index, range, forward: forward) { row in
            let key: [UInt8] = try row[0]
            return try row.withBytes(at: 1) { try body(key, $0.assumingMemoryBound(to: UInt8.self)) }
        }
    }

    /// The same without the keys, which are copied out of the database only where somebody wants them.
    func scanValues(
        of table: TableDefinition, by index: SecondaryIndex?, _ range: KeyRange, forward: Bool,
        _ body: (_ item: UnsafeBufferPointer<UInt8>) throws -> ScanStep
    ) throws {
        try scanRows(of: table, by: index, range, forward: forward) { row in
            try row.withBytes(at: 1) { try body($0.assumingMemoryBound(to: UInt8.self)) }
        }
    }

    private func scanRows(
        of table: TableDefinition, by index: SecondaryIndex?, _ range: KeyRange, forward: Bool,
        _ body: (Row) throws -> ScanStep
    ) throws {
        let select = RangeSelect(isIndex: index != nil, isBounded: range.upper != nil, forward: forward)
        var values: [any SQLValue] = index.map { [table.id, $0.id, range.lower] } ?? [table.id, range.lower]
        if let upper = range.upper { values.append(upper) }
        try scan(select.sql, values: values, body)
    }
}

/// The statements that read a range, made once: a text of its own for each call would have to be found by its bytes.
private struct RangeSelect {
    let isIndex: Bool
    let isBounded: Bool
    let forward: Bool

    var sql: String { Self.all[(isIndex ? 4 : 0) + (isBounded ? 2 : 0) + (forward ? 1 : 0)] }

    private static let all: [String] = (0..<8).map { number in
        let isIndex = number & 4 != 0
        let key = isIndex ? "entry.key" : "key"
        let bound = number & 2 != 0 ? " AND \(key) < ?" : ""
        let order = number & 1 != 0 ? " ORDER BY \(key)" : " ORDER BY \(key) DESC"
        return (isIndex ? selectEntries : selectItems) + bound + order
    }

    private static let selectItems = "SELECT key, value FROM item WHERE \"table\" = ? AND key >= ?"

    /// CROSS JOIN: SQLite must walk the entries and look the items up, never the other way round.
    private static let selectEntries = """
        SELECT entry.key, item.value FROM entry CROSS JOIN item
        ON item."table" = ? AND item.key = entry.item WHERE entry."index" = ? AND entry.key >= ?
        """
}

extension Transaction {
    func put(_ item: StoredItem, at key: [UInt8], in table: TableDefinition) throws {
        try execute(
            """
            INSERT INTO item ("table", key, value) VALUES (?, ?, ?)
            ON CONFLICT ("table", key) DO UPDATE SET value = excluded.value
            """, table.id, key, item.bytes)
        if table.cacheTag != nil { tell(ItemCommit(table: table, key: key, item: item)) }
    }

    func deleteItem(at key: [UInt8], in table: TableDefinition) throws {
        try execute("DELETE FROM item WHERE \"table\" = ? AND key = ?", table.id, key)
        if table.cacheTag != nil { tell(ItemCommit(table: table, key: key, item: nil)) }
    }

    /// True if the entry is new.
    @discardableResult
    func putEntry(_ key: [UInt8], for item: [UInt8], in index: SecondaryIndex) throws -> Bool {
        try execute(
            "INSERT INTO entry (\"index\", key, item) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", index.id, key, item) > 0
    }

    /// True if there was such an entry.
    @discardableResult
    func deleteEntry(_ key: [UInt8], in index: SecondaryIndex) throws -> Bool {
        try execute("DELETE FROM entry WHERE \"index\" = ? AND key = ?", index.id, key) > 0
    }

    func putExpiry(at seconds: Int64, of item: [UInt8], in table: TableDefinition) throws {
        try execute(
            "INSERT INTO expiry (\"table\", time, item) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", table.id, seconds,
            item)
    }

    func deleteExpiry(at seconds: Int64, of item: [UInt8], in table: TableDefinition) throws {
        try execute("DELETE FROM expiry WHERE \"table\" = ? AND time = ? AND item = ?", table.id, seconds, item)
    }
}

extension Snapshot {
    /// Items that expired in a span of time, the longest expired first.
    func expired(in table: TableDefinition, _ span: ClosedRange<Int64>, limit: Int) throws -> [Expiry] {
        try rows(
            "SELECT time, item FROM expiry WHERE \"table\" = ? AND time >= ? AND time <= ? ORDER BY time LIMIT ?",
            table.id, span.lowerBound, span.upperBound, limit
        ) { Expiry(seconds: try $0[0], item: try $0[1]) }
    }
}
