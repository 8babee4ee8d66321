import ServiceKit

extension Snapshot {
    /// Records that are in no file yet, the oldest first.
    func pendingRecords(of table: Int64, limit: Int) throws -> [JournalRecord] {
        try rows(
            """
            SELECT id, day, key, body FROM journal_record WHERE iceberg_table = ? AND file IS NULL ORDER BY id LIMIT ?
            """, table, limit, body: JournalRecord.init)
    }

    /// Records of a file that is still open.
    func records(of table: Int64, inFile file: Int64) throws -> [JournalRecord] {
        try rows(
            "SELECT id, day, key, body FROM journal_record WHERE iceberg_table = ? AND file = ? ORDER BY id", table,
            file, body: JournalRecord.init)
    }

    /// The number of the last record of all, those included that are in their table already.
    func lastRecord() throws -> Int64 {
        try value("SELECT seq FROM sqlite_sequence WHERE name = 'journal_record'") ?? 0
    }
}

extension JournalRecord {
    fileprivate init(_ row: Row) throws {
        self.init(id: try row[0], day: try row[1], key: try row[2], encoded: try row[3])
    }
}

extension Transaction {
    /// Notes a change of a version, if the bucket has a journal, in the transaction that makes it.
    func journal(
        _ kind: JournalRecord.Kind, _ key: String, _ version: String, in bucket: Bucket, _ call: Call
    ) throws {
        guard let table = bucket.metadata?.journal else { return }
        let object = try object(key, version: version, in: bucket)
        let body = try JournalRecord.encoded(kind, key, version, object, in: bucket, call)
        // Not where somebody deleted the table.
        try execute(
            """
            INSERT INTO journal_record (iceberg_table, day, key, body)
            SELECT id, ?2, ?3, ?4 FROM iceberg_table WHERE id = ?1
            """, table, JournalRecord.day(of: call.now), key, body)
    }

    /// Puts records into the file that now has them; those of a closed file are no longer needed here.
    func move(
        recordsOf table: Int64, pendingOn day: Int64, through last: Int64?, from files: [Int64], to file: Int64,
        keeping: Bool
    ) throws {
        if let last {
            try execute(
                "UPDATE journal_record SET file = ? WHERE iceberg_table = ? AND file IS NULL AND day = ? AND id <= ?",
                file, table, day, last)
        }
        for old in files {
            try execute("UPDATE journal_record SET file = ? WHERE iceberg_table = ? AND file = ?", file, table, old)
        }
        if !keeping { try execute("DELETE FROM journal_record WHERE iceberg_table = ? AND file = ?", table, file) }
    }

    /// Notes that files of the inventory that follows a journal tell no longer how things are.
    func markStale(_ keys: Set<[UInt8]>, inInventoryOf journal: Int64) throws {
        guard let inventory = try value("SELECT id FROM iceberg_table WHERE follows = ?", journal, as: Int64.self)
        else { return }
        for key in keys {
            try execute(
                """
                UPDATE iceberg_file SET is_stale = 1 WHERE id = (SELECT id FROM iceberg_file WHERE iceberg_table = ?1
                    AND removed IS NULL AND after < ?2 ORDER BY after DESC LIMIT 1)
                    AND (through IS NULL OR through >= ?2)
                """, inventory, String(decoding: key, as: UTF8.self))
        }
    }
}
