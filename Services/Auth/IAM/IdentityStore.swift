import ServiceKit

extension Snapshot {
    private static let columns =
        "kind, account, name, path, unique_id, created, boundary, tags, trust_policy, description, max_session_seconds"

    func identity(_ kind: Identity.Kind, _ name: String, of account: String) throws -> Identity? {
        try first(
            "SELECT \(Self.columns) FROM identity WHERE account = ? AND kind = ? AND name = ?", account, kind, name,
            body: Identity.init)
    }

    /// - Throws: `NoSuchEntity`
    func requireIdentity(_ kind: Identity.Kind, _ name: String, of account: String) throws -> Identity {
        guard let identity = try identity(kind, name, of: account) else { throw ServiceError.notFound(kind, name) }
        return identity
    }

    /// The user or role of an ARN, path and all.
    func identity(arn text: String) throws -> Identity? {
        guard let arn = ARN(text), arn.service == "iam" else { return nil }
        let parts = arn.resource.split(separator: "/")
        guard parts.count >= 2, let kind = Identity.Kind(rawValue: String(parts[0])) else { return nil }
        let identity = try identity(kind, String(parts[parts.count - 1]), of: arn.account)
        return identity?.arn == text ? identity : nil
    }

    /// In the order of names, after `position`.
    func identities(
        _ kind: Identity.Kind, of account: String, pathPrefix: String, after position: String, limit: Int
    ) throws -> [Identity] {
        try rows(
            """
            SELECT \(Self.columns) FROM identity
            WHERE account = ? AND kind = ? AND name > ? AND substr(path, 1, length(?)) = ? ORDER BY name LIMIT ?
            """, account, kind, position, pathPrefix, pathPrefix, limit, body: Identity.init)
    }

    func count(_ kind: Identity.Kind, of account: String) throws -> Int {
        try value("SELECT count(*) FROM identity WHERE account = ? AND kind = ?", account, kind) ?? 0
    }

    // MARK: Groups

    func groups(of user: String, in account: String, after position: String = "", limit: Int = 1000) throws
        -> [Identity]
    {
        try rows(
            """
            SELECT \(Self.columns) FROM identity JOIN membership USING (account)
            WHERE account = ? AND kind = 'group' AND user = ? AND team = name AND name > ? ORDER BY name LIMIT ?
            """, account, user, position, limit, body: Identity.init)
    }

    func users(in group: String, of account: String, after position: String, limit: Int) throws -> [Identity] {
        try rows(
            """
            SELECT \(Self.columns) FROM identity JOIN membership USING (account)
            WHERE account = ? AND kind = 'user' AND team = ? AND user = name AND name > ? ORDER BY name LIMIT ?
            """, account, group, position, limit, body: Identity.init)
    }

    // MARK: Inline policies

    func inlinePolicy(_ name: String, of identity: Identity) throws -> String? {
        try value(
            "SELECT document FROM inline_policy WHERE account = ? AND kind = ? AND identity = ? AND name = ?",
            identity.account, identity.kind, identity.name, name)
    }

    func inlinePolicies(of identity: Identity) throws -> [PrincipalPolicies.Document] {
        try rows(
            "SELECT name, document FROM inline_policy WHERE account = ? AND kind = ? AND identity = ? ORDER BY name",
            identity.account, identity.kind, identity.name
        ) { PrincipalPolicies.Document(name: try $0[0], text: try $0[1]) }
    }

    // MARK: Attached policies

    func attachedPolicies(of identity: Identity) throws -> [String] {
        try rows(
            "SELECT policy FROM attachment WHERE account = ? AND kind = ? AND identity = ? ORDER BY policy",
            identity.account, identity.kind, identity.name
        ) { try $0[0] }
    }

    func isAttached(_ policy: String, to identity: Identity) throws -> Bool {
        try exists(
            "SELECT 1 FROM attachment WHERE account = ? AND kind = ? AND identity = ? AND policy = ?",
            identity.account, identity.kind, identity.name, policy)
    }
}

extension Transaction {
    /// - Throws: `EntityAlreadyExists`
    func insert(_ identity: Identity) throws {
        guard try self.identity(identity.kind, identity.name, of: identity.account) == nil else {
            throw ServiceError.alreadyExists(identity.kind, identity.name)
        }
        try execute(
            """
            INSERT INTO identity (account, kind, name, path, unique_id, created, boundary, tags, trust_policy,
                description, max_session_seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, identity.account, identity.kind, identity.name, identity.path, identity.uniqueID, identity.created,
            identity.boundary, identity.tags.encoded, identity.role?.trustPolicy, identity.role?.description,
            identity.role?.maxSessionSeconds)
    }

    /// Stores everything but the name.
    func update(_ identity: Identity) throws {
        try execute(
            """
            UPDATE identity SET path = ?, boundary = ?, tags = ?, trust_policy = ?, description = ?,
                max_session_seconds = ? WHERE account = ? AND kind = ? AND name = ?
            """, identity.path, identity.boundary, identity.tags.encoded, identity.role?.trustPolicy,
            identity.role?.description, identity.role?.maxSessionSeconds, identity.account, identity.kind,
            identity.name)
    }

    /// Gives an identity another name wherever it is named.
    func rename(_ identity: Identity, to name: String) throws {
        let isOther = name.lowercased() != identity.name.lowercased()
        if isOther, try self.identity(identity.kind, name, of: identity.account) != nil {
            throw ServiceError.alreadyExists(identity.kind, name)
        }
        let (account, kind) = (identity.account, identity.kind)
        try execute(
            "UPDATE identity SET name = ? WHERE account = ? AND kind = ? AND name = ?", name, account, kind,
            identity.name)
        for table in ["inline_policy", "attachment"] {
            try execute(
                "UPDATE \(table) SET identity = ? WHERE account = ? AND kind = ? AND identity = ?", name, account, kind,
                identity.name)
        }
        if kind == .user {
            try execute(
                "UPDATE membership SET user = ? WHERE account = ? AND user = ?", name, account, identity.name)
            for table in ["access_key", "mfa_device"] {
                try execute(
                    "UPDATE \(table) SET user = ? WHERE account = ? AND user = ?", name, account, identity.name)
            }
        } else {
            try execute(
                "UPDATE membership SET team = ? WHERE account = ? AND team = ?", name, account, identity.name)
        }
    }

    func delete(_ identity: Identity) throws {
        try execute(
            "DELETE FROM identity WHERE account = ? AND kind = ? AND name = ?", identity.account, identity.kind,
            identity.name)
    }

    /// - Throws: `DeleteConflict` while policies are attached to it or written into it.
    func requireNoPolicies(of identity: Identity) throws {
        guard try attachedPolicies(of: identity).isEmpty else { throw ServiceError.mustDetachPolicies }
        guard try inlinePolicies(of: identity).isEmpty else { throw ServiceError.mustDeletePolicies }
    }

    func addMember(_ user: Identity, to group: Identity) throws {
        try execute("INSERT OR IGNORE INTO membership VALUES (?, ?, ?)", user.account, user.name, group.name)
    }

    func removeMember(_ user: Identity, from group: Identity) throws {
        try execute(
            "DELETE FROM membership WHERE account = ? AND user = ? AND team = ?", user.account, user.name, group.name)
    }

    func putInlinePolicy(_ name: String, _ document: String, on identity: Identity) throws {
        try execute(
            "INSERT OR REPLACE INTO inline_policy VALUES (?, ?, ?, ?, ?)", identity.account, identity.kind,
            identity.name, name, document)
    }

    /// - Throws: `NoSuchEntity`
    func deleteInlinePolicy(_ name: String, of identity: Identity) throws {
        let count = try execute(
            "DELETE FROM inline_policy WHERE account = ? AND kind = ? AND identity = ? AND name = ?", identity.account,
            identity.kind, identity.name, name)
        guard count > 0 else { throw ServiceError.inlinePolicyNotFound(identity.kind, name) }
    }

    func attach(_ policy: String, to identity: Identity) throws {
        try execute(
            "INSERT OR IGNORE INTO attachment VALUES (?, ?, ?, ?)", identity.account, identity.kind, identity.name,
            policy)
    }

    /// - Throws: `NoSuchEntity`
    func detach(_ policy: String, from identity: Identity) throws {
        let count = try execute(
            "DELETE FROM attachment WHERE account = ? AND kind = ? AND identity = ? AND policy = ?", identity.account,
            identity.kind, identity.name, policy)
        guard count > 0 else { throw ServiceError.policyNotAttached(policy) }
    }
}

extension Identity {
    fileprivate init(_ row: Row) throws {
        kind = try row[0]
        account = try row[1]
        name = try row[2]
        path = try row[3]
        uniqueID = try row[4]
        created = try row[5]
        boundary = try row[6]
        tags = try [Tag](encoded: try row[7])
        let trust: String? = try row[8]
        role = try trust.map {
            RoleDetails(
                trustPolicy: $0, description: try row[9], maxSessionSeconds: try row[10] ?? Self.defaultSessionSeconds)
        }
    }
}
