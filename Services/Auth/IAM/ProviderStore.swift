import ServiceKit

extension Snapshot {
    private static let columns = "account, host, client_ids, thumbprints, created, tags"

    func oidcProvider(_ host: String, of account: String) throws -> OIDCProvider? {
        try first(
            "SELECT \(Self.columns) FROM oidc_provider WHERE account = ? AND host = ?", account, host,
            body: OIDCProvider.init)
    }

    /// - Throws: `NoSuchEntity`
    func requireOIDCProvider(arn: String, of account: String) throws -> OIDCProvider {
        let provider = try OIDCProvider.host(in: arn, of: account).flatMap { try oidcProvider($0, of: account) }
        guard let provider else { throw ServiceError.providerNotFound(arn) }
        return provider
    }

    func oidcProviders(of account: String) throws -> [OIDCProvider] {
        try rows(
            "SELECT \(Self.columns) FROM oidc_provider WHERE account = ? ORDER BY host", account,
            body: OIDCProvider.init)
    }
}

extension Transaction {
    /// - Throws: `EntityAlreadyExists`
    func insert(_ provider: OIDCProvider) throws {
        guard try oidcProvider(provider.host, of: provider.account) == nil else {
            throw ServiceError.exists("Provider with url https://\(provider.host) already exists.")
        }
        try put(provider)
    }

    func put(_ provider: OIDCProvider) throws {
        try execute(
            "INSERT OR REPLACE INTO oidc_provider VALUES (?, ?, ?, ?, ?, ?)", provider.account, provider.host,
            provider.clientIDs.joined(separator: "\n"), provider.thumbprints.joined(separator: "\n"), provider.created,
            provider.tags.encoded)
    }

    func delete(_ provider: OIDCProvider) throws {
        try execute("DELETE FROM oidc_provider WHERE account = ? AND host = ?", provider.account, provider.host)
    }
}

extension OIDCProvider {
    fileprivate init(_ row: Row) throws {
        func lines(_ index: Int32) throws -> [String] {
            let text: String = try row[index]
            return text.split(separator: "\n").map(String.init)
        }
        account = try row[0]
        host = try row[1]
        clientIDs = try lines(2)
        thumbprints = try lines(3)
        created = try row[4]
        tags = try [Tag](encoded: try row[5])
    }
}
