import ServiceKit

extension Snapshot {
    func tableImport(_ arn: String) throws -> TableImport? {
        try first("SELECT state FROM import WHERE arn = ?", arn) { try Self.tableImport($0) }
    }

    /// The imports of an account in a region, the latest last.
    func imports(account: String, region: String) throws -> [TableImport] {
        try rows("SELECT state FROM import WHERE account = ? AND region = ? ORDER BY created_at, arn", account, region)
        {
            try Self.tableImport($0)
        }
    }

    func pendingImports() throws -> [TableImport] {
        try rows("SELECT state FROM import WHERE pending ORDER BY created_at, arn") { try Self.tableImport($0) }
    }

    private static func tableImport(_ row: Row) throws -> TableImport {
        let state: [UInt8] = try row[0]
        return try TableImport(json: JSONDocument(state).root)
    }
}

extension Transaction {
    /// Stores an import as it is now.
    func keep(_ job: TableImport) throws {
        var json = JSONWriter()
        json.value(job)
        try execute(
            """
            INSERT INTO import (arn, account, region, created_at, pending, state) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET pending = excluded.pending, state = excluded.state
            """, job.arn, job.account, job.region, job.startTime, job.status == .inProgress, json.bytes)
    }

    /// Forgets the imports of long ago.
    func dropImports(startedBefore time: Timestamp) throws {
        try execute("DELETE FROM import WHERE created_at < ? AND NOT pending", time)
    }
}
