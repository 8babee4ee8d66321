import ServiceKit

extension Snapshot {
    func bucketRow(named name: String) throws -> (id: Int64, revision: Int64)? {
        try first("SELECT id, revision FROM bucket WHERE name = ?", name) { (try $0[0], try $0[1]) }
    }

    func bucket(named name: String) throws -> Bucket? {
        let sql = """
            SELECT id, name, account, region, created, versioning, revision, mfa_delete FROM bucket WHERE name = ?
            """
        return try first(sql, name) { row in
            try Bucket(
                row, configurations(of: try row[0]), accountAccess: publicAccess(ofAccount: try row[2]))
        }
    }

    private func configurations(of bucket: Int64) throws -> [ConfigurationKind: JSONValue] {
        let pairs = try rows("SELECT kind, body FROM bucket_configuration WHERE bucket = ?", bucket) { row in
            (try ConfigurationKind(from: row.column(0)), try JSONDocument(try row[1]).root)
        }
        return Dictionary(pairs) { first, _ in first }
    }

    func namesOfBuckets(with kind: ConfigurationKind) throws -> [String] {
        try rows(
            "SELECT name FROM bucket JOIN bucket_configuration ON bucket = id WHERE kind = ? ORDER BY name", kind
        ) { try $0[0] }
    }

    func buckets(
        of account: String, prefix: String, region: String?, after name: String, limit: Int
    ) throws -> [BucketSummary] {
        var found: [BucketSummary] = []
        let sql = "SELECT name, created, region FROM bucket WHERE account = ? AND name > ? ORDER BY name"
        try scan(sql, account, name) { row in
            let bucket = BucketSummary(name: try row[0], created: try row[1], region: try row[2])
            if bucket.name.hasSuffix(BucketName.warehouseSuffix) { return .next }
            if bucket.name.hasPrefix(prefix), region == nil || region == bucket.region { found.append(bucket) }
            return found.count < limit ? .next : .stop
        }
        return found
    }
}

struct BucketSummary: Sendable {
    let name: String
    let created: Timestamp
    let region: String
}

extension Transaction {
    func createBucket(
        named name: String, account: String, region: String, at now: Timestamp,
        versioning: Bucket.Versioning = .unversioned, configurations: [ConfigurationKind: [UInt8]]
    ) throws {
        try execute(
            "INSERT INTO bucket (name, account, region, created, versioning, revision) VALUES (?, ?, ?, ?, ?, 1)",
            name, account, region, now, versioning)
        let id = try lastInsertedRowID
        for (kind, body) in configurations {
            try execute("INSERT INTO bucket_configuration VALUES (?, ?, ?)", id, kind, body)
        }
        bucketsChanged()
    }

    /// Deletes a bucket with its unfinished uploads, and tells which files are no longer needed; `nil` if there are
    /// objects, versions or markers in it.
    func deleteBucketIfEmpty(_ id: Int64) throws -> [String]? {
        if try exists("SELECT 1 FROM object WHERE bucket = ? LIMIT 1", id) { return nil }
        let unneeded = try rows(
            "SELECT segments FROM part WHERE upload IN (SELECT id FROM upload WHERE bucket = ?)", id
        ) { try [Segment](encoded: try $0[0]).map(\.file) }
        try execute("DELETE FROM upload WHERE bucket = ?", id)
        try execute("DELETE FROM bucket WHERE id = ?", id)
        bucketsChanged()
        return unneeded.flatMap(\.self)
    }

    /// Stores a configuration document, or removes it for `nil`.
    func setConfiguration(_ kind: ConfigurationKind, of bucket: Int64, to body: [UInt8]?) throws {
        if let body {
            try execute("INSERT OR REPLACE INTO bucket_configuration VALUES (?, ?, ?)", bucket, kind, body)
        } else {
            try execute("DELETE FROM bucket_configuration WHERE bucket = ? AND kind = ?", bucket, kind)
        }
        try touch(bucket)
    }

    /// - Parameter mfaDelete: `nil` leaves it as it is.
    func setVersioning(
        of bucket: Int64, to versioning: Bucket.Versioning, mfaDelete: Bucket.MFADelete?
    ) throws {
        try execute(
            "UPDATE bucket SET versioning = ?, mfa_delete = coalesce(?, mfa_delete) WHERE id = ?", versioning,
            mfaDelete, bucket)
        try touch(bucket)
    }

    private func touch(_ bucket: Int64) throws {
        try execute("UPDATE bucket SET revision = revision + 1 WHERE id = ?", bucket)
        bucketsChanged()
    }

    private func bucketsChanged() { announce(S3Store.bucketTopic) }
}
