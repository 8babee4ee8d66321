import ServiceKit

/// Pools, clients, users and groups, durable; secrets sealed.
struct UserPoolStore: Sendable {
    let database: Database
    let masterKey: MasterKey
    /// Rung when there is mail to hand over.
    let bell = Doorbell()

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await database.write(body)
    }
    func read<T>(_ body: (Snapshot) throws -> T) async throws -> T { try await database.read(body) }

    var pages: PageToken {
        PageToken(
            key: masterKey.derived("cognito page tokens"), refusal: .invalidParameter("Invalid pagination token."))
    }

    /// - Throws: `ResourceNotFoundException`
    func pool(_ id: String, in call: Call) async throws -> UserPool {
        try await read { try $0.pool(id, in: call) }
    }

    /// A client and its pool, for calls without AWS credentials: the client's identifier finds both.
    func client(_ id: String) async throws -> (client: UserPoolClient, pool: UserPool) {
        try await read { snapshot in
            guard let client = try snapshot.client(id, masterKey), let pool = try snapshot.pool(client.poolID) else {
                throw ServiceError.clientNotFound(id)
            }
            return (client, pool)
        }
    }
}

// MARK: Pools

extension Snapshot {
    func pool(_ id: String) throws -> UserPool? {
        try first(
            "SELECT id, region, account, name, settings, created, modified FROM pools WHERE id = ?", id, body: pool)
    }

    /// - Throws: `ResourceNotFoundException`, also for pools of other accounts.
    func pool(_ id: String, in call: Call) throws -> UserPool {
        guard let pool = try pool(id), pool.account == call.account else { throw ServiceError.userPoolNotFound(id) }
        return pool
    }

    func pools(region: String, account: String, after id: String, limit: Int) throws -> [UserPool] {
        try rows(
            """
            SELECT id, region, account, name, settings, created, modified FROM pools
            WHERE region = ? AND account = ? AND id > ? ORDER BY id LIMIT ?
            """, region, account, id, limit, body: pool)
    }

    private func pool(_ row: Row) throws -> UserPool {
        UserPool(
            id: try row[0], region: try row[1], account: try row[2], name: try row[3],
            settings: try StoredMembers(encoded: try row[4]), created: Timestamp(milliseconds: try row[5]),
            modified: Timestamp(milliseconds: try row[6]))
    }

    /// The sealed private keys of a pool, the newest first.
    func sealedKeys(of pool: String) throws -> [(id: String, sealed: [UInt8])] {
        try rows("SELECT id, private FROM keys WHERE pool = ? ORDER BY created DESC", pool) { (try $0[0], try $0[1]) }
    }
}

extension Transaction {
    func insert(_ pool: UserPool) throws {
        try execute(
            "INSERT INTO pools (id, region, account, name, settings, created, modified) VALUES (?, ?, ?, ?, ?, ?, ?)",
            pool.id, pool.region, pool.account, pool.name, pool.settings.encoded, pool.created.milliseconds,
            pool.modified.milliseconds)
    }

    func update(_ pool: UserPool) throws {
        try execute(
            "UPDATE pools SET name = ?, settings = ?, modified = ? WHERE id = ?", pool.name, pool.settings.encoded,
            pool.modified.milliseconds, pool.id)
    }

    func delete(_ pool: UserPool) throws { try execute("DELETE FROM pools WHERE id = ?", pool.id) }

    func insertKey(_ id: String, of pool: UserPool, sealed: [UInt8]) throws {
        try execute(
            "INSERT INTO keys (pool, id, private, created) VALUES (?, ?, ?, ?)", pool.id, id, sealed,
            pool.created.milliseconds)
    }
}

// MARK: Clients

extension Snapshot {
    func client(_ id: String, _ masterKey: MasterKey) throws -> UserPoolClient? {
        try first("\(clientColumns) WHERE id = ?", id) { try client($0, masterKey) }
    }

    /// - Throws: `ResourceNotFoundException`
    func client(_ id: String, of pool: UserPool, _ masterKey: MasterKey) throws -> UserPoolClient {
        guard let client = try client(id, masterKey), client.poolID == pool.id else {
            throw ServiceError.clientNotFound(id)
        }
        return client
    }

    func clients(of pool: UserPool, after id: String, limit: Int, _ masterKey: MasterKey) throws -> [UserPoolClient] {
        try rows("\(clientColumns) WHERE pool = ? AND id > ? ORDER BY id LIMIT ?", pool.id, id, limit) {
            try client($0, masterKey)
        }
    }

    private var clientColumns: String { "SELECT id, pool, name, secret, settings, created, modified FROM clients" }

    private func client(_ row: Row, _ masterKey: MasterKey) throws -> UserPoolClient {
        let id: String = try row[0]
        let sealed: [UInt8]? = try row[3]
        let secret = try sealed.map { String(decoding: try masterKey.open($0, for: "client \(id)"), as: UTF8.self) }
        return UserPoolClient(
            id: id, poolID: try row[1], name: try row[2], secret: secret,
            settings: try StoredMembers(encoded: try row[4]), created: Timestamp(milliseconds: try row[5]),
            modified: Timestamp(milliseconds: try row[6]))
    }
}

extension Transaction {
    func insert(_ client: UserPoolClient, _ masterKey: MasterKey) throws {
        let sealed = try client.secret.map { try masterKey.seal(Array($0.utf8), for: "client \(client.id)") }
        try execute(
            "INSERT INTO clients (id, pool, name, secret, settings, created, modified) VALUES (?, ?, ?, ?, ?, ?, ?)",
            client.id, client.poolID, client.name, sealed, client.settings.encoded, client.created.milliseconds,
            client.modified.milliseconds)
    }

    func update(_ client: UserPoolClient) throws {
        try execute(
            "UPDATE clients SET name = ?, settings = ?, modified = ? WHERE id = ?", client.name,
            client.settings.encoded, client.modified.milliseconds, client.id)
    }

    func delete(_ client: UserPoolClient) throws { try execute("DELETE FROM clients WHERE id = ?", client.id) }
}
