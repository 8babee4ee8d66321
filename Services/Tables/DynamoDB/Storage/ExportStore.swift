import ServiceKit

extension Snapshot {
    func export(_ arn: String) throws -> TableExport? {
        try first("SELECT state FROM export WHERE arn = ?", arn) { try Self.export($0) }
    }

    /// The exports of an account in a region, the latest last.
    func exports(account: String, region: String) throws -> [TableExport] {
        try rows("SELECT state FROM export WHERE account = ? AND region = ? ORDER BY created_at, arn", account, region)
        {
            try Self.export($0)
        }
    }

    func pendingExports() throws -> [TableExport] {
        try rows("SELECT state FROM export WHERE pending ORDER BY created_at, arn") { try Self.export($0) }
    }

    private static func export(_ row: Row) throws -> TableExport {
        let state: [UInt8] = try row[0]
        return try TableExport(json: JSONDocument(state).root)
    }
}

extension Transaction {
    /// Stores an export as it is now.
    func keep(_ export: TableExport) throws {
        var json = JSONWriter()
        json.value(export)
        try execute(
            """
            INSERT INTO export (arn, account, region, created_at, pending, state) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET pending = excluded.pending, state = excluded.state
            """, export.arn, export.account, export.region, export.startTime, export.status == .inProgress, json.bytes)
    }
}
