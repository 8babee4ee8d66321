import ServiceKit

extension Snapshot {
    /// Goes through records that are in no file yet, the oldest first.
    func scanPendingRecords(of table: Int64, limit: Int, _ body: (JournalRecord) throws -> Void) throws {
        try scan(
            """
            SELECT id, day, key, body FROM journal_record WHERE iceberg_table = ? AND file IS NULL ORDER BY id LIMIT ?
            """, table, limit
        ) {
            try body(try JournalRecord($0))
            return .next
        }
    }

    /// Goes through the records of a day that open files have, the oldest first.
    func scanOpenRecords(of table: Int64, on day: Int64, _ body: (JournalRecord) throws -> Void) throws {
        try scan(
            """
            SELECT id, day, key, body FROM journal_record WHERE iceberg_table = ? AND file IS NOT NULL AND day = ?
            ORDER BY id
            """, table, day
        ) {
            try body(try JournalRecord($0))
            return .next
        }
    }

    /// Bytes of the records that are in no file yet.
    func pendingBytes(of table: Int64) throws -> Int64 {
        try value(
            "SELECT coalesce(sum(length(body)), 0) FROM journal_record WHERE iceberg_table = ? AND file IS NULL", table)
            ?? 0
    }

    func hasRecords(of table: Int64) throws -> Bool {
        try exists("SELECT 1 FROM journal_record WHERE iceberg_table = ? LIMIT 1", table)
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
        // Not where somebody deleted the table, or it was given up.
        try execute(
            """
            INSERT INTO journal_record (iceberg_table, day, key, body)
            SELECT id, ?2, ?3, ?4 FROM iceberg_table WHERE id = ?1 AND NOT is_given_up
            """, table, JournalRecord.day(of: call.now), key, body)
    }

    /// Says of a day's records that were in no file, up to and with one, that a file now has them.
    func take(pendingRecordsOf table: Int64, on day: Int64, through last: Int64, into file: Int64) throws {
        try execute(
            "UPDATE journal_record SET file = ? WHERE iceberg_table = ? AND file IS NULL AND day = ? AND id <= ?", file,
            table, day, last)
    }

    /// Says of records that another file has them now; `nil`: one that is closed, so that they are needed here no longer.
    func move(recordsOf table: Int64, from files: [Int64], to file: Int64?) throws {
        for old in files {
            if let file {
                try execute("UPDATE journal_record SET file = ? WHERE iceberg_table = ? AND file = ?", file, table, old)
            } else {
                try execute("DELETE FROM journal_record WHERE iceberg_table = ? AND file = ?", table, old)
            }
        }
    }

    /// Removes records, in no file or in open ones, which stay as they are.
    func forgetRecords(of table: Int64, limit: Int) throws {
        try execute(
            """
            DELETE FROM journal_record WHERE id IN (SELECT id FROM journal_record WHERE iceberg_table = ? LIMIT ?)
            """, table, limit)
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
