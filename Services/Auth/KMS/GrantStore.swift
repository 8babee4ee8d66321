import ServiceKit

private let columns =
    "key, id, account, region, created, grantee, retiring, issuer, name, operations, constraints"

extension Snapshot {
    func grant(_ id: String, of key: String) throws -> Grant? {
        try first("SELECT \(columns) FROM key_grant WHERE key = ? AND id = ?", key, id, body: Grant.init)
    }

    func grants(of key: Key, after id: String = "", limit: Int) throws -> [Grant] {
        try rows(
            "SELECT \(columns) FROM key_grant WHERE key = ? AND id > ? ORDER BY id LIMIT ?", key.id, id, limit,
            body: Grant.init)
    }

    func grants(of key: Key, to grantee: String) throws -> [Grant] {
        try rows(
            "SELECT \(columns) FROM key_grant WHERE key = ? AND grantee = ? ORDER BY id", key.id, grantee,
            body: Grant.init)
    }

    func grants(retiredBy principal: String, in region: String, after id: String, limit: Int) throws -> [Grant] {
        try rows(
            "SELECT \(columns) FROM key_grant WHERE retiring = ? AND region = ? AND id > ? ORDER BY id LIMIT ?",
            principal, region, id, limit, body: Grant.init)
    }
}

extension Transaction {
    func insert(_ grant: Grant) throws {
        var operations = JSONWriter()
        operations.value(grant.operations)
        let constraints = grant.constraints.map { constraints in
            var json = JSONWriter()
            json.value(constraints)
            return json.bytes
        }
        try execute(
            """
            INSERT INTO key_grant (key, id, account, region, created, grantee, retiring, issuer, name, operations,
                constraints) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, grant.keyID, grant.id, grant.keyARN.account, grant.keyARN.region, grant.created, grant.grantee,
            grant.retiring, grant.issuer, grant.name, operations.bytes, constraints)
    }

    func delete(_ grant: Grant) throws {
        try execute("DELETE FROM key_grant WHERE key = ? AND id = ?", grant.keyID, grant.id)
    }
}

extension Grant {
    fileprivate init(_ row: Row) throws {
        let key: String = try row[0]
        let constraints: [UInt8]? = try row[10]
        self.init(
            keyARN: ARN("kms", region: try row[3], account: try row[2], "key/\(key)"), id: try row[1],
            created: try row[4], grantee: try row[5], retiring: try row[6], issuer: try row[7], name: try row[8],
            operations: try [String](json: JSONDocument(try row[9]).root),
            constraints: try constraints.map { try Constraints(json: JSONDocument($0).root) })
    }
}
