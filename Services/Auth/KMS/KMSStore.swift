import ServiceKit

/// Keys, their material, aliases and grants of one executable.
///
/// Its SQL stands in `KeyStore`, `MaterialStore`, `AliasStore` and `GrantStore`.
struct KMSStore: Sendable {
    let database: Database
    let masterKey: MasterKey
    let pages: PageToken
    let tokens: GrantTokens

    init(on host: ServiceHost) throws {
        masterKey = try MasterKey(in: host.configuration.dataDirectory)
        pages = PageToken(key: masterKey.derived("kms.page-token"), refusal: .invalidMarker)
        tokens = GrantTokens(masterKey)
        database = try host.database("kms.db", migrations: Schema.migrations)
    }

    func read<Result>(_ body: (Snapshot) throws -> Result) async throws -> Result { try await database.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write(body)
    }

    /// The key that a request names by its identifier or ARN, or where that is allowed by an alias.
    ///
    /// - Throws: `NotFoundException`, `InvalidArnException`
    func key(_ text: String, in call: Call, allowingAliases: Bool = false) async throws -> Key {
        let reference = try KeyReference(text, in: call)
        switch reference.target {
        case .key(let id):
            let arn = ARN("kms", region: call.region, account: reference.account, "key/\(id)")
            guard let key = try await read({ try $0.key(id) }), key.arn == arn else {
                throw ServiceError.keyNotFound(arn.description)
            }
            return key
        case .alias(let name):
            guard allowingAliases else { throw ServiceError.invalidKeyID(text) }
            return try await key(ofAlias: name, account: reference.account, in: call)
        }
    }

    private func key(ofAlias name: String, account: String, in call: Call) async throws -> Key {
        let (region, now, masterKey) = (call.region, call.now, masterKey)
        if let key = try await read({ try $0.key(ofAlias: name, account: account, region: region) }) { return key }
        let arn = ARN("kms", region: region, account: account, name)
        // Only the account itself begins to use the keys that services have in it.
        guard account == call.account,
            let key = ManagedKeys.key(for: name, account: account, region: region, at: now)
        else { throw ServiceError.aliasNotFound(arn.description) }
        let material = try KeyMaterial(for: key, version: 1, cause: nil, at: now, masterKey)
        return try await write { transaction in
            if let other = try transaction.key(ofAlias: name, account: account, region: region) { return other }
            try transaction.insert(key, material)
            try transaction.insert(
                Alias(account: account, region: region, name: name, keyID: key.id, created: now, updated: now))
            return key
        }
    }

    /// Changes a key that is looked up anew inside the transaction.
    func change(_ key: Key, _ body: @escaping @Sendable (inout Key) throws -> Void) async throws {
        try await write { transaction in
            guard var current = try transaction.key(key.id) else {
                throw ServiceError.keyNotFound(key.arn.description)
            }
            try body(&current)
            try transaction.update(current)
        }
    }
}
