import ServiceKit

extension Snapshot {
    func alias(_ name: String, of key: FunctionKey) throws -> Alias? {
        try first(
            "SELECT configuration FROM alias WHERE account = ? AND region = ? AND name = ? AND alias = ?",
            key.account, key.region, key.name, name
        ) { try Alias(json: JSONDocument($0[0]).root) }
    }

    /// Aliases after `name`, by name; `version` narrows them to those that point to it.
    func aliases(of key: FunctionKey, version: String? = nil, after name: String = "", limit: Int = 10_000) throws
        -> [Alias]
    {
        try rows(
            """
            SELECT configuration FROM alias
            WHERE account = ? AND region = ? AND name = ? AND alias > ? AND (? IS NULL OR version = ?)
            ORDER BY alias LIMIT ?
            """, key.account, key.region, key.name, name, version, version, limit
        ) { try Alias(json: JSONDocument($0[0]).root) }
    }
}

extension Transaction {
    func put(_ alias: Alias) throws {
        try execute(
            """
            INSERT INTO alias (account, region, name, alias, version, configuration) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET version = excluded.version, configuration = excluded.configuration
            """, alias.key.account, alias.key.region, alias.key.name, alias.name, alias.version, alias.encoded)
    }

    func deleteAlias(_ name: String, of key: FunctionKey) throws {
        try execute(
            "DELETE FROM alias WHERE account = ? AND region = ? AND name = ? AND alias = ?", key.account, key.region,
            key.name, name)
    }
}
