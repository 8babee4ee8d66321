import ServiceKit

extension Schema {
    static let namedConfigurationMigrations = [
        Migration(
            1,
            """
            CREATE TABLE named_configuration (
                bucket INTEGER NOT NULL REFERENCES bucket (id) ON DELETE CASCADE,
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                body BLOB NOT NULL,
                PRIMARY KEY (bucket, kind, id)
            ) WITHOUT ROWID;
            """, group: "named configurations")
    ]
}

extension Snapshot {
    func configuration(_ kind: NamedConfiguration, id: String, of bucket: Bucket) throws -> JSONValue? {
        try first(
            "SELECT body FROM named_configuration WHERE bucket = ? AND kind = ? AND id = ?", bucket.id, kind, id
        ) { try JSONDocument(try $0[0]).root }
    }

    /// By identifier, behind one of them.
    func configurations(
        _ kind: NamedConfiguration, of bucket: Bucket, after id: String, limit: Int
    ) throws -> [(id: String, body: JSONValue)] {
        try rows(
            "SELECT id, body FROM named_configuration WHERE bucket = ? AND kind = ? AND id > ? ORDER BY id LIMIT ?",
            bucket.id, kind, id, limit
        ) { (try $0[0], try JSONDocument(try $0[1]).root) }
    }
}

extension Transaction {
    /// - Throws: `TooManyConfigurations`
    func put(_ body: JSONValue, as kind: NamedConfiguration, id: String, of bucket: Bucket) throws {
        try execute(
            "INSERT OR REPLACE INTO named_configuration VALUES (?, ?, ?, ?)", bucket.id, kind, id, Array(body.rawBytes))
        let count: Int64? = try first(
            "SELECT count(*) FROM named_configuration WHERE bucket = ? AND kind = ?", bucket.id, kind
        ) { try $0[0] }
        guard count ?? 0 <= NamedConfiguration.limit else {
            throw ServiceError(
                "TooManyConfigurations",
                "You are attempting to create a new configuration but have already reached the 1,000-configuration "
                    + "limit.")
        }
    }

    /// Whether there was one.
    func delete(_ kind: NamedConfiguration, id: String, of bucket: Bucket) throws -> Bool {
        try execute(
            "DELETE FROM named_configuration WHERE bucket = ? AND kind = ? AND id = ?", bucket.id, kind, id) > 0
    }
}
