import ServiceKit

/// Functions, their versions, and what is attached to them. Aliases, policies, mappings and events: see the
/// `LambdaStore+….swift` beside this.
struct LambdaStore: Sendable {
    let database: Database

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write(body)
    }

    func read<Result>(_ body: (Snapshot) throws -> Result) async throws -> Result { try await database.read(body) }
}

/// What a function has apart from its versions.
struct FunctionRecord: Sendable {
    let key: FunctionKey
    var nextVersion: Int
    var reservedConcurrency: Int?
    var tags: [String: String]
}

extension Snapshot {
    func function(_ key: FunctionKey) throws -> FunctionRecord? {
        try first(
            """
            SELECT next_version, reserved_concurrency, tags FROM function
            WHERE account = ? AND region = ? AND name = ?
            """,
            key.account, key.region, key.name
        ) { row in
            FunctionRecord(
                key: key, nextVersion: try row[0], reservedConcurrency: try row[1],
                tags: try [String: String](json: JSONDocument(row[2]).root))
        }
    }

    func version(_ version: String, of key: FunctionKey) throws -> FunctionVersion? {
        try first(
            "SELECT configuration FROM version WHERE account = ? AND region = ? AND name = ? AND version = ?",
            key.account, key.region, key.name, version, body: Self.version)
    }

    /// All versions, `$LATEST` first.
    func versions(of key: FunctionKey) throws -> [FunctionVersion] {
        try rows(
            "SELECT configuration FROM version WHERE account = ? AND region = ? AND name = ? ORDER BY number",
            key.account, key.region, key.name, body: Self.version)
    }

    /// The `$LATEST` versions of an account and region after `name`, by name.
    func latestVersions(account: String, region: String, after name: String, limit: Int) throws -> [FunctionVersion] {
        try rows(
            """
            SELECT configuration FROM version
            WHERE account = ? AND region = ? AND name > ? AND number = 0 ORDER BY name LIMIT ?
            """, account, region, name, limit, body: Self.version)
    }

    /// Every version of every function, for what must be kept and prepared.
    func allVersions() throws -> [FunctionVersion] { try rows("SELECT configuration FROM version", body: Self.version) }

    /// How much of the account's concurrency functions have reserved, but for one.
    func reservedConcurrency(account: String, region: String, except name: String) throws -> Int {
        try value(
            "SELECT SUM(reserved_concurrency) FROM function WHERE account = ? AND region = ? AND name <> ?",
            account, region, name, as: Int?.self
        ).flatMap { $0 } ?? 0
    }

    private static func version(_ row: Row) throws -> FunctionVersion {
        try FunctionVersion(json: JSONDocument(row[0]).root)
    }
}

extension Transaction {
    /// Makes a function with its first `$LATEST`.
    func insert(_ version: FunctionVersion, tags: [String: String]) throws {
        let key = version.key
        try execute(
            "INSERT INTO function (account, region, name, next_version, tags) VALUES (?, ?, ?, 1, ?)",
            key.account, key.region, key.name, Self.encode(tags))
        try put(version)
    }

    /// Stores a version, new or changed.
    func put(_ version: FunctionVersion) throws {
        let key = version.key
        try execute(
            """
            INSERT INTO version (account, region, name, version, number, configuration) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET configuration = excluded.configuration
            """, key.account, key.region, key.name, version.version, Int(version.version) ?? 0, version.encoded)
    }

    func setNextVersion(_ next: Int, of key: FunctionKey) throws {
        try execute(
            "UPDATE function SET next_version = ? WHERE account = ? AND region = ? AND name = ?", next, key.account,
            key.region, key.name)
    }

    func setTags(_ tags: [String: String], of key: FunctionKey) throws {
        try execute(
            "UPDATE function SET tags = ? WHERE account = ? AND region = ? AND name = ?", Self.encode(tags),
            key.account, key.region, key.name)
    }

    func setReservedConcurrency(_ count: Int?, of key: FunctionKey) throws {
        try execute(
            "UPDATE function SET reserved_concurrency = ? WHERE account = ? AND region = ? AND name = ?", count,
            key.account, key.region, key.name)
    }

    /// Removes a function with all that is attached to it.
    func deleteFunction(_ key: FunctionKey) throws {
        for table in ["function_url", "statement", "event_configuration", "alias", "version", "event", "function"] {
            try execute(
                "DELETE FROM \(table) WHERE account = ? AND region = ? AND name = ?", key.account, key.region, key.name)
        }
    }

    func deleteVersion(_ version: String, of key: FunctionKey) throws {
        try execute(
            "DELETE FROM version WHERE account = ? AND region = ? AND name = ? AND version = ?", key.account,
            key.region, key.name, version)
    }

    private static func encode(_ tags: [String: String]) -> [UInt8] {
        var json = JSONWriter()
        json.value(tags)
        return json.bytes
    }
}
