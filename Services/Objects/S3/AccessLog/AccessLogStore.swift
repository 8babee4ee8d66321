import ServiceKit

/// A record that waits for its delivery.
struct PendingRecord: Sendable {
    /// The bucket that was asked.
    let bucket: String
    let time: Timestamp
    let line: String
}

extension Schema {
    /// A group of its own: logs have nothing to do with objects until they are delivered.
    static let accessLogMigrations = [
        Migration(
            1,
            """
            CREATE TABLE access_record (
                id INTEGER PRIMARY KEY,
                bucket TEXT NOT NULL,
                time INTEGER NOT NULL,
                line TEXT NOT NULL
            );
            """, group: "access log")
    ]
}

extension Snapshot {
    func bucketsWithAccessRecords() throws -> [String] {
        try rows("SELECT DISTINCT bucket FROM access_record ORDER BY bucket") { try $0[0] }
    }

    /// The oldest records of a bucket, with the id of the last of them.
    func accessRecords(of bucket: String, limit: Int) throws -> (lines: [String], first: Timestamp, last: Int64)? {
        let found: [(line: String, time: Timestamp, id: Int64)] = try rows(
            "SELECT line, time, id FROM access_record WHERE bucket = ? ORDER BY id LIMIT ?", bucket, limit
        ) { (try $0[0], try $0[1], try $0[2]) }
        guard let first = found.first, let last = found.last else { return nil }
        return (found.map(\.line), first.time, last.id)
    }
}

extension Transaction {
    func insert(_ records: [PendingRecord]) throws {
        for record in records {
            try execute(
                "INSERT INTO access_record (bucket, time, line) VALUES (?, ?, ?)", record.bucket, record.time,
                record.line)
        }
    }

    func deleteAccessRecords(of bucket: String, through id: Int64) throws {
        try execute("DELETE FROM access_record WHERE bucket = ? AND id <= ?", bucket, id)
    }
}
