import ServiceKit

extension Snapshot {
    private static let columns = "id, account, user, secret, status, created, last_used, last_region, last_service"

    func accessKey(_ id: String) throws -> AccessKey? {
        try first("SELECT \(Self.columns) FROM access_key WHERE id = ?", id, body: AccessKey.init)
    }

    /// - Throws: `NoSuchEntity` for a key that is not the user's.
    func requireAccessKey(_ id: String, of user: String?, in account: String) throws -> AccessKey {
        guard let key = try accessKey(id), key.account == account, key.user?.lowercased() == user?.lowercased() else {
            throw ServiceError.accessKeyNotFound(id)
        }
        return key
    }

    func accessKeys(of user: String?, in account: String) throws -> [AccessKey] {
        try rows(
            "SELECT \(Self.columns) FROM access_key WHERE account = ? AND user IS ? ORDER BY created, id", account,
            user,
            body: AccessKey.init)
    }
}

extension Transaction {
    func insert(_ key: AccessKey) throws {
        try execute(
            "INSERT INTO access_key (id, account, user, secret, status, created) VALUES (?, ?, ?, ?, ?, ?)", key.id,
            key.account, key.user, key.sealedSecret, key.status, key.created)
    }

    func setStatus(of key: AccessKey, to status: AccessKey.Status) throws {
        try execute("UPDATE access_key SET status = ? WHERE id = ?", status, key.id)
    }

    func recordUse(of id: String, _ use: AccessKey.LastUse) throws {
        try execute(
            "UPDATE access_key SET last_used = ?, last_region = ?, last_service = ? WHERE id = ?", use.date, use.region,
            use.service, id)
    }

    func delete(_ key: AccessKey) throws { try execute("DELETE FROM access_key WHERE id = ?", key.id) }
}

extension AccessKey {
    fileprivate init(_ row: Row) throws {
        id = try row[0]
        account = try row[1]
        user = try row[2]
        sealedSecret = try row[3]
        status = try row[4]
        created = try row[5]
        let used: Timestamp? = try row[6]
        lastUse = try used.map { LastUse(date: $0, region: try row[7], service: try row[8]) }
    }
}
