import ServiceKit

extension Snapshot {
    func item(_ key: [UInt8], in table: TableDefinition) throws -> StoredItem? {
        try first("SELECT value FROM item WHERE \"table\" = ? AND key = ?", table.id, key) {
            StoredItem(bytes: try $0[0])
        }
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
        _ body: (_ key: UnsafeBufferPointer<UInt8>, _ item: UnsafeBufferPointer<UInt8>) throws -> ScanStep
    ) throws {
        let key = index == nil ? "key" : "entry.key"
        let order = forward ? " ORDER BY \(key)" : " ORDER BY \(key) DESC"
        let bound = range.upper == nil ? "" : " AND \(key) < ?"
        let sql = (index == nil ? Self.selectItems : Self.selectEntries) + bound + order
        var values: [any SQLValue] = index.map { [table.id, $0.id, range.lower] } ?? [table.id, range.lower]
        if let upper = range.upper { values.append(upper) }
        try scan(sql, values: values) { row in
            try row.withBytes(at: 0) { key in
                try row.withBytes(at: 1) { item in
                    try body(key.assumingMemoryBound(to: UInt8.self), item.assumingMemoryBound(to: UInt8.self))
                }
            }
        }
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
            ON CONFLICT DO UPDATE SET value = excluded.value
            """, table.id, key, item.bytes)
    }

    func deleteItem(at key: [UInt8], in table: TableDefinition) throws {
        try execute("DELETE FROM item WHERE \"table\" = ? AND key = ?", table.id, key)
    }

    /// True if the entry is new.
    @discardableResult
    func putEntry(_ key: [UInt8], for item: [UInt8], in index: SecondaryIndex) throws -> Bool {
        try execute("INSERT OR IGNORE INTO entry (\"index\", key, item) VALUES (?, ?, ?)", index.id, key, item) > 0
    }

    /// True if there was such an entry.
    @discardableResult
    func deleteEntry(_ key: [UInt8], in index: SecondaryIndex) throws -> Bool {
        try execute("DELETE FROM entry WHERE \"index\" = ? AND key = ?", index.id, key) > 0
    }

    func putExpiry(at seconds: Int64, of item: [UInt8], in table: TableDefinition) throws {
        try execute("INSERT OR IGNORE INTO expiry (\"table\", time, item) VALUES (?, ?, ?)", table.id, seconds, item)
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
