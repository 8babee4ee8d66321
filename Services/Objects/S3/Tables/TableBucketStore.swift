import ServiceKit

private let bucketColumns = "id, uuid, account, region, name, is_managed, created, policy, encryption_key, tags"

extension TableBucket {
    /// - Parameter first: which column its own begin with.
    init(_ row: Row, from first: Int32 = 0) throws {
        self.init(
            id: try row[first], uuid: try row[first + 1], account: try row[first + 2], region: try row[first + 3],
            name: try row[first + 4], isManaged: try row[first + 5], created: try row[first + 6],
            policyText: try row[first + 7], encryptionKey: try row[first + 8],
            tags: try Tags(encoded: try row[first + 9]))
    }
}

extension Snapshot {
    func tableBucket(_ name: String, account: String, region: String) throws -> TableBucket? {
        try first(
            "SELECT \(bucketColumns) FROM table_bucket WHERE account = ? AND region = ? AND name = ?", account, region,
            name, body: { try TableBucket($0) })
    }

    func tableBuckets(of account: String, region: String, after name: String, limit: Int) throws -> [TableBucket] {
        try rows(
            """
            SELECT \(bucketColumns) FROM table_bucket WHERE account = ? AND region = ? AND name > ?
            ORDER BY name LIMIT ?
            """, account, region, name, limit, body: { try TableBucket($0) })
    }

    func namespace(_ name: String, in bucket: TableBucket) throws -> TableNamespace? {
        try first(
            "SELECT id, uuid, name, created FROM table_namespace WHERE table_bucket = ? AND name = ?", bucket.id, name
        ) { TableNamespace(id: try $0[0], uuid: try $0[1], name: try $0[2], created: try $0[3], bucket: bucket) }
    }

    func namespaces(in bucket: TableBucket, after name: String, limit: Int) throws -> [TableNamespace] {
        try rows(
            """
            SELECT id, uuid, name, created FROM table_namespace WHERE table_bucket = ? AND name > ?
            ORDER BY name LIMIT ?
            """, bucket.id, name, limit
        ) { TableNamespace(id: try $0[0], uuid: try $0[1], name: try $0[2], created: try $0[3], bucket: bucket) }
    }
}

extension Transaction {
    @discardableResult
    func createTableBucket(
        _ name: String, account: String, region: String, isManaged: Bool, encryptionKey: String? = nil,
        tags: Tags = .empty, at now: Timestamp
    ) throws -> TableBucket {
        try execute(
            """
            INSERT INTO table_bucket (uuid, account, region, name, is_managed, created, encryption_key, tags)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, Identifier.uuid(), account, region, name, isManaged, now, encryptionKey, tags.encoded)
        guard let bucket = try tableBucket(name, account: account, region: region) else {
            throw ServiceError.internalFailure
        }
        return bucket
    }

    func setPolicy(of bucket: TableBucket, to policy: String?) throws {
        try execute("UPDATE table_bucket SET policy = ? WHERE id = ?", policy, bucket.id)
        announce(S3Store.bucketTopic)
    }

    func setTags(of bucket: TableBucket, to tags: Tags) throws {
        try execute("UPDATE table_bucket SET tags = ? WHERE id = ?", tags.encoded, bucket.id)
        announce(S3Store.bucketTopic)
    }

    func setEncryption(of bucket: TableBucket, key: String?) throws {
        try execute("UPDATE table_bucket SET encryption_key = ? WHERE id = ?", key, bucket.id)
    }

    /// Whether there was nothing in it.
    func deleteTableBucketIfEmpty(_ bucket: TableBucket) throws -> Bool {
        if try exists("SELECT 1 FROM table_namespace WHERE table_bucket = ?", bucket.id) { return false }
        try execute("DELETE FROM table_bucket WHERE id = ?", bucket.id)
        announce(S3Store.bucketTopic)
        return true
    }

    func createNamespace(_ name: String, in bucket: TableBucket, at now: Timestamp) throws -> TableNamespace {
        try execute(
            "INSERT INTO table_namespace (uuid, table_bucket, name, created) VALUES (?, ?, ?, ?)", Identifier.uuid(),
            bucket.id, name, now)
        guard let namespace = try namespace(name, in: bucket) else { throw ServiceError.internalFailure }
        return namespace
    }

    /// Whether there was nothing in it.
    func deleteNamespaceIfEmpty(_ namespace: TableNamespace) throws -> Bool {
        if try exists("SELECT 1 FROM iceberg_table WHERE namespace = ?", namespace.id) { return false }
        try execute("DELETE FROM table_namespace WHERE id = ?", namespace.id)
        return true
    }
}
