import ServiceKit

extension Schema {
    /// A row for each archived object that was asked for: reads of all others never look here.
    ///
    /// No foreign key: with one every overwritten object would cost a second statement. Whoever deletes or overwrites an
    /// archived object deletes its row.
    static let restorationMigrations = [
        Migration(
            1,
            """
            CREATE TABLE restoration (
                object INTEGER PRIMARY KEY,
                tier TEXT NOT NULL,
                days INTEGER NOT NULL,
                ready INTEGER NOT NULL,
                -- NULL while the copy is on its way.
                expires INTEGER,
                due INTEGER NOT NULL
            );
            CREATE INDEX restoration_due ON restoration (due);
            """, group: "restoration")
    ]
}

private let columns = "object, tier, days, ready, expires"

extension Restoration {
    fileprivate init(_ row: Row) throws {
        self.init(object: try row[0], tier: try row[1], days: try row[2], ready: try row[3], expires: try row[4])
    }
}

/// A restoration with what its events tell of.
struct DueRestoration: Sendable {
    let restoration: Restoration
    let bucket: String
    let key: String
    let version: String
}

extension Snapshot {
    func restoration(of object: Int64) throws -> Restoration? {
        try first("SELECT \(columns) FROM restoration WHERE object = ?", object, body: Restoration.init)
    }

    /// The object with its restoration, where it is an archived one.
    func withRestoration(_ object: StoredObject) throws -> StoredObject {
        guard object.isArchived else { return object }
        var object = object
        object.restoration = try restoration(of: object.id)
        return object
    }

    /// The next ones there is something to do about, the first first.
    func restorations(dueBy time: Timestamp, limit: Int) throws -> [DueRestoration] {
        try rows(
            """
            SELECT restoration.object, tier, days, ready, expires, bucket.name, key, version FROM restoration
            JOIN object ON object.id = restoration.object JOIN bucket ON bucket.id = object.bucket
            WHERE due <= ? ORDER BY due LIMIT ?
            """, time, limit
        ) { row in
            DueRestoration(
                restoration: try Restoration(row), bucket: try row[5], key: try row[6], version: try row[7])
        }
    }

    func timeOfNextRestoration() throws -> Timestamp? {
        // As above: what is nobody's any more must not wake the worker over and over.
        try first(
            "SELECT due FROM restoration JOIN object ON object.id = restoration.object ORDER BY due LIMIT 1"
        ) { try $0[0] }
    }
}

extension Transaction {
    static let restorationTopic = "restorations"

    func put(_ restoration: Restoration) throws {
        try execute(
            "INSERT OR REPLACE INTO restoration (\(columns), due) VALUES (?, ?, ?, ?, ?, ?)", restoration.object,
            restoration.tier, restoration.days, restoration.ready, restoration.expires, restoration.due)
        announce(Self.restorationTopic)
    }

    /// Does nothing for objects that are not archived, which are almost all.
    func deleteRestoration(of object: StoredObject) throws {
        guard object.isArchived else { return }
        try execute("DELETE FROM restoration WHERE object = ?", object.id)
    }
}
