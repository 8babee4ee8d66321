import ServiceKit

extension Schema {
    static let accessPointMigrations = [
        Migration(
            1,
            """
            CREATE TABLE access_point (
                account TEXT NOT NULL,
                region TEXT NOT NULL,
                name TEXT NOT NULL,
                bucket TEXT NOT NULL,
                bucket_account TEXT NOT NULL,
                alias TEXT NOT NULL UNIQUE,
                vpc TEXT,
                created INTEGER NOT NULL,
                public_access BLOB NOT NULL,
                policy TEXT,
                tags BLOB,
                PRIMARY KEY (account, region, name)
            ) WITHOUT ROWID;
            CREATE INDEX access_point_bucket ON access_point (bucket);

            -- What an account forbids all its buckets and access points.
            CREATE TABLE account_public_access (account TEXT PRIMARY KEY, configuration BLOB NOT NULL) WITHOUT ROWID;
            """, group: "access points")
    ]
}

private let columns =
    "account, region, name, bucket, bucket_account, alias, vpc, created, public_access, policy, tags"

extension AccessPoint {
    fileprivate convenience init(_ row: Row, accounts: PublicAccess) throws {
        try self.init(
            account: row[0], region: row[1], name: row[2], bucket: row[3], bucketAccount: row[4], alias: row[5],
            vpc: row[6], created: row[7], publicAccessBlock: JSONDocument(row[8]).root, policyText: row[9],
            tags: Tags(encoded: row[10]), accountAccess: accounts)
    }
}

extension Snapshot {
    func accessPoint(_ reference: AccessPointReference) throws -> AccessPoint? {
        switch reference {
        case .arn(let region, let account, let name):
            return try accessPoints("account = ? AND region = ? AND name = ?", account, region, name).first
        case .alias(let alias): return try accessPoints("alias = ?", alias).first
        case .host(let account, let name):
            // Where two regions have it, the host's name does not say which is meant.
            let found = try accessPoints("account = ? AND name = ?", account, name)
            return found.count == 1 ? found[0] : nil
        }
    }

    /// By name, behind one of them.
    func accessPoints(
        of account: String, in region: String, bucket: String?, after name: String, limit: Int
    ) throws -> [AccessPoint] {
        let found = try accessPoints("account = ? AND region = ? AND name > ? ORDER BY name", account, region, name)
        return Array(found.lazy.filter { bucket == nil || $0.bucket == bucket }.prefix(limit))
    }

    func hasAccessPoints(bucket: String) throws -> Bool {
        try exists("SELECT 1 FROM access_point WHERE bucket = ? LIMIT 1", bucket)
    }

    private func accessPoints(_ condition: String, _ values: any SQLValue...) throws -> [AccessPoint] {
        try rows("SELECT \(columns) FROM access_point WHERE \(condition)", values: values) { row in
            try AccessPoint(row, accounts: try publicAccess(ofAccount: try row[0]))
        }
    }

    /// What an account forbids all its buckets: a `PublicAccessBlockConfiguration`.
    func publicAccessBlock(ofAccount account: String) throws -> JSONValue? {
        try first("SELECT configuration FROM account_public_access WHERE account = ?", account) { row in
            try JSONDocument(try row[0]).root
        }
    }

    func publicAccess(ofAccount account: String) throws -> PublicAccess {
        PublicAccess(try publicAccessBlock(ofAccount: account))
    }
}

extension Transaction {
    func insert(_ point: AccessPoint) throws {
        try execute(
            "INSERT INTO access_point (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", point.account,
            point.region, point.name, point.bucket, point.bucketAccount, point.alias, point.vpc, point.created,
            Array(point.publicAccessBlock.rawBytes), point.policyText, point.tags.encoded)
        announce(S3Store.bucketTopic)
    }

    func delete(_ point: AccessPoint) throws {
        try execute(
            "DELETE FROM access_point WHERE account = ? AND region = ? AND name = ?", point.account, point.region,
            point.name)
        announce(S3Store.bucketTopic)
    }

    func setPolicy(of point: AccessPoint, to policy: String?) throws {
        try execute(
            "UPDATE access_point SET policy = ? WHERE account = ? AND region = ? AND name = ?", policy, point.account,
            point.region, point.name)
        announce(S3Store.bucketTopic)
    }

    func setTags(of point: AccessPoint, to tags: Tags) throws {
        try execute(
            "UPDATE access_point SET tags = ? WHERE account = ? AND region = ? AND name = ?", tags.encoded,
            point.account, point.region, point.name)
        announce(S3Store.bucketTopic)
    }

    /// Every bucket of the account is another one from now on, for it holds what its account forbids.
    func setPublicAccessBlock(ofAccount account: String, to configuration: JSONValue?) throws {
        if let configuration {
            try execute(
                "INSERT OR REPLACE INTO account_public_access VALUES (?, ?)", account, Array(configuration.rawBytes))
        } else {
            try execute("DELETE FROM account_public_access WHERE account = ?", account)
        }
        try execute("UPDATE bucket SET revision = revision + 1 WHERE account = ?", account)
        announce(S3Store.bucketTopic)
    }
}
