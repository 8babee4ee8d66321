import ServiceKit

extension Snapshot {
    func backup(_ arn: String) throws -> Backup? {
        try first(Self.selectBackup + " WHERE arn = ?", arn) { try Self.backup($0) }
    }

    /// The backups of an account in a region, in the order they were made.
    func backups(account: String, region: String) throws -> [Backup] {
        try rows(
            Self.selectBackup + " WHERE account = ? AND region = ? ORDER BY created_at, arn", account, region
        ) { try Self.backup($0) }
    }

    /// The names of the files of all backups and of the exports under way.
    func backupFiles() throws -> Set<String> {
        let backups: [String] = try rows("SELECT file FROM backup") { try $0[0] }
        return Set(backups + (try pendingExports().map(\.file)))
    }

    /// Visits the changes of a table's items after a moment, the oldest first, with what was there before each.
    func scanHistory(
        of table: TableDefinition, after time: Timestamp, _ body: (_ key: [UInt8], _ old: StoredItem?) throws -> Void
    ) throws {
        try scan(
            "SELECT key, old FROM history WHERE \"table\" = ? AND time > ? ORDER BY time, sequence", table.id, time
        ) { row in
            let old: [UInt8]? = try row[1]
            try body(try row[0], old.map(StoredItem.init(bytes:)))
            return .next
        }
    }

    /// The same without what was there, which `oldItem` looks up by its sequence number.
    func scanHistoryKeys(
        of table: TableDefinition, after time: Timestamp,
        _ body: (_ key: [UInt8], _ sequence: Int64, _ time: Timestamp) throws -> Void
    ) throws {
        try scan(
            "SELECT key, sequence, time FROM history WHERE \"table\" = ? AND time > ? ORDER BY time, sequence",
            table.id,
            time
        ) { row in
            try body(try row[0], try row[1], try row[2])
            return .next
        }
    }

    /// What a change replaced; `nil` where there was nothing.
    func oldItem(_ sequence: Int64) throws -> StoredItem? {
        let old: [UInt8]?? = try first("SELECT old FROM history WHERE sequence = ?", sequence) { try $0[0] }
        return old?.map(StoredItem.init(bytes:))
    }

    func hasHistory(of table: TableDefinition, before time: Timestamp) throws -> Bool {
        try exists("SELECT 1 FROM history WHERE \"table\" = ? AND time < ?", table.id, time)
    }

    private static let selectBackup = "SELECT arn, name, created_at, definition, items, bytes, file FROM backup"

    private static func backup(_ row: Row) throws -> Backup {
        let definition: [UInt8] = try row[3]
        return Backup(
            arn: try row[0], name: try row[1], createdAt: try row[2],
            table: try TableDefinition(json: JSONDocument(definition).root), items: try row[4], bytes: try row[5],
            file: try row[6])
    }
}

extension Transaction {
    func insert(_ backup: Backup) throws {
        var json = JSONWriter()
        json.value(backup.table)
        try execute(
            """
            INSERT INTO backup (arn, account, region, name, created_at, definition, items, bytes, file)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, backup.arn, backup.table.account, backup.table.region, backup.name, backup.createdAt, json.bytes,
            backup.items, backup.bytes, backup.file)
    }

    func delete(_ backup: Backup) throws { try execute("DELETE FROM backup WHERE arn = ?", backup.arn) }

    /// Notes what an item was before a change, for a table with point-in-time recovery.
    func remember(_ old: StoredItem?, at key: [UInt8], in table: TableDefinition, _ time: Timestamp) throws {
        try execute(
            "INSERT INTO history (\"table\", time, key, old) VALUES (?, ?, ?, ?)", table.id, time, key, old?.bytes)
    }

    /// Forgets some changes of before `time`. False when none was left.
    func trimHistory(of table: TableDefinition, before time: Timestamp, limit: Int) throws -> Bool {
        try execute(
            """
            DELETE FROM history WHERE sequence IN
                (SELECT sequence FROM history WHERE "table" = ? AND time < ? ORDER BY time, sequence LIMIT ?)
            """, table.id, time, limit) == limit
    }
}
