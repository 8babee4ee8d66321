import ServiceKit

extension Snapshot {
    /// Finds a user by name, or by an alias such as the e-mail address.
    func user(_ name: String, in pool: UserPool, _ masterKey: MasterKey) throws -> User? {
        let name = try pool.normalize(name)
        if let user = try user(named: name, of: pool.id, masterKey) { return user }
        let username: String? = try value(
            "SELECT username FROM aliases WHERE pool = ? AND value = ?", pool.id, name)
        if let username { return try user(named: username, of: pool.id, masterKey) }
        let bySub: String? = try value("SELECT username FROM users WHERE pool = ? AND sub = ?", pool.id, name)
        return try bySub.flatMap { try user(named: $0, of: pool.id, masterKey) }
    }

    func users(of pool: UserPool, after username: String, limit: Int, _ masterKey: MasterKey) throws -> [User] {
        try rows("\(userColumns) WHERE pool = ? AND username > ? ORDER BY username LIMIT ?", pool.id, username, limit) {
            try user($0, masterKey)
        }
    }

    func members(
        of group: String, in pool: UserPool, after username: String, limit: Int, _ masterKey: MasterKey
    ) throws -> [User] {
        let names: [String] = try rows(
            "SELECT username FROM memberships WHERE pool = ? AND name = ? AND username > ? ORDER BY username LIMIT ?",
            pool.id, group, username, limit
        ) { try $0[0] }
        return try names.compactMap { try user(named: $0, of: pool.id, masterKey) }
    }

    func isAliasTaken(_ kind: String, _ value: String, in pool: UserPool, except username: String) throws -> Bool {
        try exists(
            "SELECT 1 FROM aliases WHERE pool = ? AND kind = ? AND value = ? AND username <> ?", pool.id, kind,
            try pool.normalize(value), username)
    }

    private func user(named name: String, of pool: String, _ masterKey: MasterKey) throws -> User? {
        try first("\(userColumns) WHERE pool = ? AND username = ?", pool, name) { try user($0, masterKey) }
    }

    private var userColumns: String {
        """
        SELECT pool, username, sub, status, enabled, attributes, salt, verifier, created, modified, tokens_valid_after
        FROM users
        """
    }

    private func user(_ row: Row, _ masterKey: MasterKey) throws -> User {
        let pool: String = try row[0]
        let username: String = try row[1]
        var password: SRPVerifier?
        let salt: String? = try row[6]
        let sealed: [UInt8]? = try row[7]
        if let salt, let sealed {
            let verifier = try masterKey.open(sealed, for: "password \(pool) \(username)")
            password = SRPVerifier(salt: salt, verifier: BigNumber(bytes: verifier))
        }
        return User(
            poolID: pool, username: username, sub: try row[2], status: User.Status(rawValue: try row[3]),
            isEnabled: try row[4], attributes: try [UserAttribute](json: JSONDocument(try row[5]).root),
            password: password, created: Timestamp(milliseconds: try row[8]),
            modified: Timestamp(milliseconds: try row[9]), tokensValidAfter: Timestamp(milliseconds: try row[10]))
    }
}

extension Transaction {
    /// Inserts or replaces a user, and brings the aliases in step with the attributes.
    func put(_ user: User, in pool: UserPool, _ masterKey: MasterKey) throws {
        let sealed = try user.password.map {
            try masterKey.seal($0.verifier.bytes, for: "password \(user.poolID) \(user.username)")
        }
        var attributes = JSONWriter()
        attributes.value(user.attributes)
        try execute(
            """
            INSERT INTO users (pool, username, sub, status, enabled, attributes, salt, verifier, created, modified,
                tokens_valid_after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (pool, username) DO UPDATE SET status = excluded.status, enabled = excluded.enabled,
                attributes = excluded.attributes, salt = excluded.salt, verifier = excluded.verifier,
                modified = excluded.modified, tokens_valid_after = excluded.tokens_valid_after
            """, user.poolID, user.username, user.sub, user.status.rawValue, user.isEnabled, attributes.bytes,
            user.password?.salt, sealed, user.created.milliseconds, user.modified.milliseconds,
            user.tokensValidAfter.milliseconds)
        try putAliases(of: user, in: pool)
    }

    /// Addresses that name a user: at once where they are the pool's user names, once verified where they are aliases.
    private func putAliases(of user: User, in pool: UserPool) throws {
        try execute("DELETE FROM aliases WHERE pool = ? AND username = ?", pool.id, user.username)
        let usernames = try pool.usernameAttributes()
        let aliases = try pool.aliasAttributes()
        for kind in ["email", "phone_number", "preferred_username"] {
            guard let value = user[kind] else { continue }
            let isVerified = kind == "preferred_username" || user.isVerified(kind)
            guard usernames.contains(kind) || (aliases.contains(kind) && isVerified) else { continue }
            if try isAliasTaken(kind, value, in: pool, except: user.username) {
                throw usernames.contains(kind) ? ServiceError.emailExists : ServiceError.aliasExists
            }
            try execute(
                "INSERT INTO aliases (pool, kind, value, username) VALUES (?, ?, ?, ?)", pool.id, kind,
                try pool.normalize(value), user.username)
        }
    }

    func delete(_ user: User) throws {
        try execute("DELETE FROM users WHERE pool = ? AND username = ?", user.poolID, user.username)
    }
}

// MARK: Failed sign-ins

extension Snapshot {
    func isLocked(_ user: User, at now: Timestamp) throws -> Bool {
        let until: Int64? = try value(
            "SELECT locked_until FROM users WHERE pool = ? AND username = ?", user.poolID, user.username)
        return until ?? 0 > now.milliseconds
    }
}

extension Transaction {
    /// After the fifth failure the user is locked for one second, doubling up to some 15 minutes, as AWS documents.
    func recordFailure(of user: User, at now: Timestamp) throws {
        let failures: Int =
            try value(
                "UPDATE users SET failures = failures + 1 WHERE pool = ? AND username = ? RETURNING failures",
                user.poolID,
                user.username) ?? 0
        guard failures >= 5 else { return }
        let seconds = min(1 << min(failures - 5, 10), 900)
        try execute(
            "UPDATE users SET locked_until = ? WHERE pool = ? AND username = ?",
            (now + .seconds(seconds)).milliseconds, user.poolID, user.username)
    }

    func clearFailures(of user: User) throws {
        try execute(
            "UPDATE users SET failures = 0, locked_until = 0 WHERE pool = ? AND username = ? AND failures > 0",
            user.poolID, user.username)
    }
}
