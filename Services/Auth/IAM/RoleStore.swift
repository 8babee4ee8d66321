import ServiceKit

/// The roles of the stack, as STS and identity pools need them: who may assume one, and for how long.
public struct RoleStore: Sendable {
    public struct Role: Sendable {
        public let arn: String
        public let account: String
        public let name: String
        public let uniqueID: String
        public let trustPolicy: Policy
        public let maxSessionSeconds: Int
        /// Condition keys the role's sessions carry: its tags.
        public let context: [String: [String]]
    }

    /// A provider of web identities that roles may trust.
    public struct Provider: Sendable {
        public let arn: String
        public let clientIDs: [String]
    }

    let store: IAMStore

    /// `nil` for a role that does not exist.
    public func role(_ arn: String) async throws -> Role? {
        guard let identity = try await store.read({ try $0.identity(arn: arn) }), let details = identity.role else {
            return nil
        }
        return Role(
            arn: identity.arn, account: identity.account, name: identity.name, uniqueID: identity.uniqueID,
            trustPolicy: try Policy.parse(details.trustPolicy, as: .trust, name: "trust policy of \(identity.name)"),
            maxSessionSeconds: details.maxSessionSeconds, context: TagContext.principal(identity.tags))
    }

    /// - Parameter host: the issuer of tokens without its scheme.
    public func provider(of host: String, in account: String) async throws -> Provider? {
        try await store.read { try $0.oidcProvider(host, of: account) }
            .map { Provider(arn: $0.arn, clientIDs: $0.clientIDs) }
    }

    /// The account an access key belongs to; `nil` for a key that does not exist.
    public func account(ofKey id: String) async throws -> String? {
        try await store.read { try $0.accessKey(id)?.account }
    }

    /// The document in force of a managed policy.
    public func managedPolicy(_ arn: String, in account: String) async throws -> String? {
        try await store.read { try $0.document(of: arn, in: account)?.text }
    }
}
