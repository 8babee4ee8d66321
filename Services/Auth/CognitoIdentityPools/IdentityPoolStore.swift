import ServiceKit

/// Pools, identities and the logins that lead to them, durable.
struct IdentityPoolStore: Sendable {
    let database: Database
    let masterKey: MasterKey

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await database.write(body)
    }
    func read<T>(_ body: (Snapshot) throws -> T) async throws -> T { try await database.read(body) }

    var pages: PageToken {
        PageToken(key: masterKey.derived("cognito identity page tokens"), refusal: .invalidToken)
    }
}

/// Somebody, or a guest, as a pool knows them.
struct PoolIdentity: Sendable, OutputShape {
    let id: String
    let poolID: String
    let created: Timestamp
    let providers: [String]

    func write(to json: inout JSONWriter) {
        json.member("IdentityId", id)
        json.member("Logins", providers)
        json.member("CreationDate", created)
        json.member("LastModifiedDate", created)
    }
}

extension Snapshot {
    private static var poolColumns: String { "SELECT id, region, account, members, roles FROM pools" }

    func identityPool(_ id: String) throws -> IdentityPool? {
        try first("\(Snapshot.poolColumns) WHERE id = ?", id, body: identityPool)
    }

    /// - Throws: `ResourceNotFoundException`, also for pools of other accounts.
    func identityPool(_ id: String, in call: Call) throws -> IdentityPool {
        guard let pool = try identityPool(id), pool.account == call.account else {
            throw ServiceError.identityPoolNotFound(id)
        }
        return pool
    }

    func identityPools(in call: Call, after id: String, limit: Int) throws -> [IdentityPool] {
        try rows(
            "\(Snapshot.poolColumns) WHERE region = ? AND account = ? AND id > ? ORDER BY id LIMIT ?", call.region,
            call.account, id, limit, body: identityPool)
    }

    private func identityPool(_ row: Row) throws -> IdentityPool {
        IdentityPool(
            id: try row[0], region: try row[1], account: try row[2],
            members: try StoredMembers(encoded: try row[3]), roles: try StoredMembers(encoded: try row[4]))
    }

    func identity(_ id: String) throws -> PoolIdentity? {
        try first("SELECT id, pool, created FROM identities WHERE id = ?", id, body: identity)
    }

    func identities(of pool: IdentityPool, after id: String, limit: Int) throws -> [PoolIdentity] {
        try rows(
            "SELECT id, pool, created FROM identities WHERE pool = ? AND id > ? ORDER BY id LIMIT ?", pool.id, id,
            limit, body: identity)
    }

    private func identity(_ row: Row) throws -> PoolIdentity {
        let id: String = try row[0]
        let providers: [String] = try rows("SELECT provider FROM logins WHERE identity = ? ORDER BY provider", id) {
            try $0[0]
        }
        return PoolIdentity(
            id: id, poolID: try row[1], created: Timestamp(milliseconds: try row[2]), providers: providers)
    }

    /// The identity that a login leads to.
    func identityID(of login: VerifiedLogin, in pool: IdentityPool) throws -> String? {
        try value(
            "SELECT identity FROM logins WHERE pool = ? AND provider = ? AND subject = ?", pool.id, login.provider,
            login.subject)
    }
}

extension Transaction {
    func put(_ pool: IdentityPool) throws {
        try execute(
            """
            INSERT INTO pools (id, region, account, members, roles) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET members = excluded.members, roles = excluded.roles
            """, pool.id, pool.region, pool.account, pool.members.encoded, pool.roles.encoded)
    }

    func delete(_ pool: IdentityPool) throws { try execute("DELETE FROM pools WHERE id = ?", pool.id) }

    func insertIdentity(_ id: String, in pool: IdentityPool, at now: Timestamp) throws {
        try execute(
            "INSERT INTO identities (id, pool, created) VALUES (?, ?, ?)", id, pool.id, now.milliseconds)
    }

    func link(_ login: VerifiedLogin, to identity: String, in pool: IdentityPool) throws {
        try execute(
            "INSERT INTO logins (pool, provider, subject, identity) VALUES (?, ?, ?, ?)", pool.id, login.provider,
            login.subject, identity)
    }
}
