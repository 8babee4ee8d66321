import ServiceKit

extension Snapshot {
    private static let columns = """
        account, name, path, unique_id, description, created, updated, default_version, last_version, tags
        """

    /// A policy of the account, or one of AWS's.
    func policy(_ arn: String, in account: String) throws -> ManagedPolicy? {
        if let managed = AWSManagedPolicies.policy(arn) { return managed.policy }
        guard let name = ManagedPolicy.name(in: arn, of: account) else { return nil }
        let policy = try policy(named: name, in: account)
        return policy?.arn == arn ? policy : nil
    }

    /// - Throws: `NoSuchEntity`
    func requirePolicy(_ arn: String, in account: String) throws -> ManagedPolicy {
        guard let policy = try policy(arn, in: account) else { throw ServiceError.policyNotFound(arn) }
        return policy
    }

    /// A policy that the account itself made, for changing it.
    ///
    /// - Throws: `NoSuchEntity`, `AccessDenied` for AWS's own.
    func requireOwnPolicy(_ arn: String, in account: String, for action: String) throws -> ManagedPolicy {
        let policy = try requirePolicy(arn, in: account)
        guard !policy.isAWSManaged else { throw ServiceError.notAWSManaged(action, arn) }
        return policy
    }

    func policy(named name: String, in account: String) throws -> ManagedPolicy? {
        try first(
            "SELECT \(Self.columns) FROM policy WHERE account = ? AND name = ?", account, name,
            body: ManagedPolicy.init)
    }

    func policies(of account: String) throws -> [ManagedPolicy] {
        try rows(
            "SELECT \(Self.columns) FROM policy WHERE account = ? ORDER BY name", account, body: ManagedPolicy.init)
    }

    func versions(of policy: ManagedPolicy) throws -> [ManagedPolicy.Version] {
        if let managed = AWSManagedPolicies.policy(policy.arn) { return [managed.version] }
        return try rows(
            """
            SELECT version, document, created FROM policy_version WHERE account = ? AND policy = ?
            ORDER BY version DESC
            """, policy.account, policy.name
        ) { ManagedPolicy.Version(number: try $0[0], document: try $0[1], created: try $0[2]) }
    }

    /// - Throws: `NoSuchEntity`
    func requireVersion(_ id: String, of policy: ManagedPolicy) throws -> ManagedPolicy.Version {
        guard let version = try versions(of: policy).first(where: { $0.id == id }) else {
            throw ServiceError.versionNotFound(id, of: policy.arn)
        }
        return version
    }

    /// The document in force.
    func document(of arn: String, in account: String) throws -> PrincipalPolicies.Document? {
        guard let policy = try policy(arn, in: account) else { return nil }
        let version = try versions(of: policy).first { $0.number == policy.defaultVersion }
        return version.map { PrincipalPolicies.Document(name: arn, text: $0.document) }
    }

    func attachmentCount(of arn: String, in account: String) throws -> Int {
        try value("SELECT count(*) FROM attachment WHERE account = ? AND policy = ?", account, arn) ?? 0
    }

    func boundaryCount(of arn: String, in account: String) throws -> Int {
        try value("SELECT count(*) FROM identity WHERE account = ? AND boundary = ?", account, arn) ?? 0
    }

    func output(_ policy: ManagedPolicy, in account: String, isDetailed: Bool = true) throws -> ManagedPolicyOutput {
        ManagedPolicyOutput(
            policy: policy, attachmentCount: try attachmentCount(of: policy.arn, in: account),
            boundaryCount: try boundaryCount(of: policy.arn, in: account), isDetailed: isDetailed)
    }

    /// Names and unique identifiers of what a policy is attached to.
    func attachments(
        of arn: String, in account: String, _ kind: Identity.Kind
    ) throws -> [(name: String, id: String, path: String)] {
        try rows(
            """
            SELECT name, unique_id, path FROM attachment JOIN identity USING (account, kind)
            WHERE account = ? AND policy = ? AND kind = ? AND name = identity ORDER BY name
            """, account, arn, kind
        ) { (try $0[0], try $0[1], try $0[2]) }
    }

    /// Everything that grants to a user or role: inline and attached, of itself and of its groups.
    func policies(of identity: Identity) throws -> PrincipalPolicies {
        var documents: [PrincipalPolicies.Document] = []
        let groups = identity.kind == .user ? try groups(of: identity.name, in: identity.account) : []
        for holder in [identity] + groups {
            documents += try inlinePolicies(of: holder)
            for arn in try attachedPolicies(of: holder) {
                if let document = try document(of: arn, in: identity.account) { documents.append(document) }
            }
        }
        let boundary = try identity.boundary.flatMap { try document(of: $0, in: identity.account) }
        return PrincipalPolicies(policies: documents, boundary: boundary)
    }
}

extension Transaction {
    /// - Throws: `EntityAlreadyExists`
    func insert(_ policy: ManagedPolicy, document: String) throws {
        guard try self.policy(named: policy.name, in: policy.account) == nil else {
            throw ServiceError.policyExists(policy.name)
        }
        try execute(
            """
            INSERT INTO policy (account, name, path, unique_id, description, created, updated, default_version,
                last_version, tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, policy.account, policy.name, policy.path, policy.uniqueID, policy.description, policy.created,
            policy.updated, policy.defaultVersion, policy.lastVersion, policy.tags.encoded)
        try insert(.init(number: policy.lastVersion, document: document, created: policy.created), of: policy)
    }

    func insert(_ version: ManagedPolicy.Version, of policy: ManagedPolicy) throws {
        try execute(
            "INSERT INTO policy_version VALUES (?, ?, ?, ?, ?)", policy.account, policy.name, version.number,
            version.document, version.created)
    }

    func update(_ policy: ManagedPolicy) throws {
        try execute(
            """
            UPDATE policy SET updated = ?, default_version = ?, last_version = ?, tags = ?
            WHERE account = ? AND name = ?
            """, policy.updated, policy.defaultVersion, policy.lastVersion, policy.tags.encoded, policy.account,
            policy.name)
    }

    func delete(_ version: ManagedPolicy.Version, of policy: ManagedPolicy) throws {
        try execute(
            "DELETE FROM policy_version WHERE account = ? AND policy = ? AND version = ?", policy.account, policy.name,
            version.number)
    }

    func delete(_ policy: ManagedPolicy) throws {
        try execute("DELETE FROM policy_version WHERE account = ? AND policy = ?", policy.account, policy.name)
        try execute("DELETE FROM policy WHERE account = ? AND name = ?", policy.account, policy.name)
    }
}

extension ManagedPolicy {
    fileprivate init(_ row: Row) throws {
        account = try row[0]
        name = try row[1]
        path = try row[2]
        uniqueID = try row[3]
        description = try row[4]
        created = try row[5]
        updated = try row[6]
        defaultVersion = try row[7]
        lastVersion = try row[8]
        tags = try [Tag](encoded: try row[9])
    }
}
