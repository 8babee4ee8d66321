import ServiceKit

private let columns = "account, region, name, key, created, updated"

extension Snapshot {
    func alias(_ name: String, of account: String, in region: String) throws -> Alias? {
        try first(
            "SELECT \(columns) FROM alias WHERE account = ? AND region = ? AND name = ?", account, region, name,
            body: Alias.init)
    }

    func aliases(of account: String, in region: String, after name: String, limit: Int) throws -> [Alias] {
        try rows(
            "SELECT \(columns) FROM alias WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?", account,
            region, name, limit, body: Alias.init)
    }

    func aliases(of key: Key, after name: String = "", limit: Int = 1000) throws -> [Alias] {
        try rows(
            "SELECT \(columns) FROM alias WHERE key = ? AND name > ? ORDER BY name LIMIT ?", key.id, name, limit,
            body: Alias.init)
    }
}

extension Transaction {
    func insert(_ alias: Alias) throws {
        try execute(
            "INSERT INTO alias (account, region, name, key, created, updated) VALUES (?, ?, ?, ?, ?, ?)",
            alias.account, alias.region, alias.name, alias.keyID, alias.created, alias.updated)
    }

    func update(_ alias: Alias) throws {
        try execute(
            "UPDATE alias SET key = ?, updated = ? WHERE account = ? AND region = ? AND name = ?", alias.keyID,
            alias.updated, alias.account, alias.region, alias.name)
    }

    func delete(_ alias: Alias) throws {
        try execute(
            "DELETE FROM alias WHERE account = ? AND region = ? AND name = ?", alias.account, alias.region, alias.name)
    }
}

extension Alias {
    fileprivate init(_ row: Row) throws {
        self.init(
            account: try row[0], region: try row[1], name: try row[2], keyID: try row[3], created: try row[4],
            updated: try row[5])
    }
}
