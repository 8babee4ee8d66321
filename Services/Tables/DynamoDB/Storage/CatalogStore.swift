import ServiceKit

extension Snapshot {
    func tables() throws -> [TableDefinition] {
        try rows("SELECT definition FROM \"table\"") { row in try Self.definition(row[0]) }
    }

    /// The table as it is now, which may be newer than the one at hand.
    ///
    /// - Throws: `ResourceNotFoundException` for a table that was deleted meanwhile.
    func current(_ table: TableDefinition) throws -> TableDefinition {
        let version: Int64? = try value("SELECT version FROM \"table\" WHERE id = ?", table.id)
        guard let version else { throw ServiceError.resourceNotFound }
        if version == table.version { return table }
        let bytes: [UInt8]? = try value("SELECT definition FROM \"table\" WHERE id = ?", table.id)
        guard let bytes else { throw ServiceError.resourceNotFound }
        return try Self.definition(bytes)
    }

    /// The same; itself where it is the newest.
    func current(_ table: SharedTable) throws -> SharedTable {
        let version: Int64? = try value("SELECT version FROM \"table\" WHERE id = ?", table.definition.id)
        return version == table.definition.version ? table : SharedTable(try current(table.definition))
    }

    /// The table as it is now; `nil` where there is none.
    func table(_ identity: TableIdentity) throws -> TableDefinition? {
        try first(
            "SELECT definition FROM \"table\" WHERE account = ? AND region = ? AND name = ?", identity.account,
            identity.region, identity.name
        ) { row in try Self.definition(row[0]) }
    }

    func hasTable(_ identity: TableIdentity) throws -> Bool {
        try exists(
            "SELECT 1 FROM \"table\" WHERE account = ? AND region = ? AND name = ?", identity.account, identity.region,
            identity.name)
    }

    /// Items and their bytes in a table or an index.
    func statistics(of tree: Int64) throws -> (items: Int64, bytes: Int64) {
        try first("SELECT items, bytes FROM statistics WHERE tree = ?", tree) { (try $0[0], try $0[1]) } ?? (0, 0)
    }

    private static func definition(_ bytes: [UInt8]) throws -> TableDefinition {
        try TableDefinition(json: JSONDocument(bytes).root)
    }
}

/// The tables of one transaction's writes as they are now, each asked for once.
struct CurrentTables {
    private var known: [(given: SharedTable, current: SharedTable)] = []

    /// - Throws: `ResourceNotFoundException` for a table that was deleted meanwhile.
    mutating func current(_ table: SharedTable, in transaction: Transaction) throws -> SharedTable {
        if let pair = known.first(where: { $0.given === table }) { return pair.current }
        let current = try transaction.current(table)
        known.append((table, current))
        return current
    }
}

extension Transaction {
    /// A number no table, index or stream had before.
    func nextTree() throws -> Int64 {
        try execute("UPDATE counter SET value = value + 1 WHERE name = 'tree'")
        return try value("SELECT value FROM counter WHERE name = 'tree'") ?? 0
    }

    func insert(_ table: TableDefinition) throws {
        try execute(
            "INSERT INTO \"table\" (id, account, region, name, version, definition) VALUES (?, ?, ?, ?, ?, ?)",
            table.id, table.account, table.region, table.name, table.version, table.encoded)
        for tree in [table.id] + table.indexes.map(\.id) { try insertStatistics(of: tree) }
    }

    /// Stores the definition under a new version.
    func update(_ table: inout TableDefinition) throws {
        table.version += 1
        try execute(
            "UPDATE \"table\" SET version = ?, definition = ? WHERE id = ?", table.version, table.encoded, table.id)
    }

    /// Forgets a table at once; its rows go later, bit by bit.
    func delete(_ table: TableDefinition) throws {
        try execute("DELETE FROM \"table\" WHERE id = ?", table.id)
        for tree in [table.id] + table.indexes.map(\.id) { try discard(tree: tree) }
    }

    func insertStatistics(of tree: Int64) throws {
        try execute("INSERT INTO statistics (tree, items, bytes) VALUES (?, 0, 0)", tree)
    }

    func addStatistics(of tree: Int64, items: Int, bytes: Int) throws {
        try execute("UPDATE statistics SET items = items + ?, bytes = bytes + ? WHERE tree = ?", items, bytes, tree)
    }

    func discard(tree: Int64) throws {
        try execute("DELETE FROM statistics WHERE tree = ?", tree)
        try execute("INSERT INTO garbage (tree) VALUES (?) ON CONFLICT DO NOTHING", tree)
    }

    /// Counts items that came and went; stored at the commit's end.
    func count(_ tree: Int64, items: Int, bytes: Int) {
        guard items != 0 || bytes != 0 else { return }
        summary(TreeCounts.self).add(tree, items: items, bytes: bytes)
    }

    /// Clears away some rows of dropped tables and indexes. False when there was nothing to do.
    func clearGarbage(limit: Int) throws -> Bool {
        let tree: Int64? = try value("SELECT tree FROM garbage LIMIT 1")
        guard let tree else { return false }
        for sql in Self.clearing where try execute(sql, tree, limit) > 0 { return true }
        try execute("DELETE FROM garbage WHERE tree = ?", tree)
        return true
    }

    private static let clearing = [
        """
        DELETE FROM item WHERE "table" = ?1 AND key <=
            (SELECT max(key) FROM (SELECT key FROM item WHERE "table" = ?1 ORDER BY key LIMIT ?2))
        """,
        """
        DELETE FROM entry WHERE "index" = ?1 AND key <=
            (SELECT max(key) FROM (SELECT key FROM entry WHERE "index" = ?1 ORDER BY key LIMIT ?2))
        """,
        """
        DELETE FROM expiry WHERE "table" = ?1 AND (time, item) IN
            (SELECT time, item FROM expiry WHERE "table" = ?1 ORDER BY time, item LIMIT ?2)
        """,
        """
        DELETE FROM history WHERE sequence IN (SELECT sequence FROM history WHERE "table" = ?1 LIMIT ?2)
        """,
        """
        DELETE FROM replica_version WHERE replica = ?1 AND key <=
            (SELECT max(key) FROM (SELECT key FROM replica_version WHERE replica = ?1 ORDER BY key LIMIT ?2))
        """,
        """
        DELETE FROM replica_change WHERE sequence IN (SELECT sequence FROM replica_change WHERE replica = ?1 LIMIT ?2)
        """,
        "DELETE FROM replica_position WHERE replica = ?1 AND ?2 > 0",
    ]
}

extension TableDefinition {
    fileprivate var encoded: [UInt8] {
        var json = JSONWriter()
        json.value(self)
        return json.bytes
    }
}
