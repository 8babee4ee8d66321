import ServiceKit

extension Snapshot {
    private static var urlColumns: String {
        "SELECT id, account, region, name, qualifier, authentication, cors, created, modified FROM function_url"
    }

    func functionURL(_ id: String) throws -> FunctionURL? {
        try first("\(Snapshot.urlColumns) WHERE id = ?", id, body: Self.functionURL)
    }

    /// - Throws: `ResourceNotFoundException`
    func functionURL(of key: FunctionKey, qualifier: String?) throws -> FunctionURL {
        let found = try first(
            "\(Snapshot.urlColumns) WHERE account = ? AND region = ? AND name = ? AND qualifier = ?", key.account,
            key.region, key.name, qualifier ?? "", body: Self.functionURL)
        guard let found else { throw ServiceError.urlNotFound }
        return found
    }

    /// A function's URLs behind a qualifier: its own first, then its aliases'.
    func functionURLs(of key: FunctionKey, after qualifier: String?, limit: Int) throws -> [FunctionURL] {
        try rows(
            """
            \(Snapshot.urlColumns)
            WHERE account = ? AND region = ? AND name = ? AND (? IS NULL OR qualifier > ?) ORDER BY qualifier LIMIT ?
            """, key.account, key.region, key.name, qualifier, qualifier, limit, body: Self.functionURL)
    }

    private static func functionURL(_ row: Row) throws -> FunctionURL {
        let qualifier: String = try row[4]
        let authentication: String = try row[5]
        let cors: [UInt8]? = try row[6]
        return FunctionURL(
            id: try row[0], key: FunctionKey(account: try row[1], region: try row[2], name: try row[3]),
            qualifier: qualifier.isEmpty ? nil : qualifier,
            // What is not known to be open is closed.
            authentication: FunctionURL.Authentication(rawValue: authentication) ?? .iam,
            cors: try cors.map { try CrossOriginRules(json: JSONDocument($0).root) }, created: try row[7],
            modified: try row[8])
    }
}

extension Transaction {
    func put(_ url: FunctionURL) throws {
        var cors = JSONWriter()
        if let rules = url.cors { cors.value(rules) }
        try execute(
            """
            INSERT INTO function_url (id, account, region, name, qualifier, authentication, cors, created, modified)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET authentication = excluded.authentication, cors = excluded.cors,
                modified = excluded.modified
            """, url.id, url.key.account, url.key.region, url.key.name, url.qualifier ?? "",
            url.authentication.rawValue, url.cors == nil ? nil : cors.bytes, url.created, url.modified)
    }

    /// Whether there was one.
    func deleteFunctionURL(of key: FunctionKey, qualifier: String?) throws -> Bool {
        try execute(
            "DELETE FROM function_url WHERE account = ? AND region = ? AND name = ? AND qualifier = ?", key.account,
            key.region, key.name, qualifier ?? "") > 0
    }
}
