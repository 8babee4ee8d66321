import Bus
import ServiceKit

/// Identities, policies and keys of one executable.
///
/// Its SQL stands in `IdentityStore`, `PolicyStore`, `AccessKeyStore`, `ProviderStore`, `MFADeviceStore` and
/// `InstanceProfileStore`.
struct IAMStore: Sendable {
    let database: Database
    let masterKey: MasterKey
    let pages: PageToken
    private let publisher: BusPublisher
    /// The doorbell that every authorizer listens to.
    private static let topic = "iam"

    init(on host: ServiceHost) throws {
        masterKey = try MasterKey(in: host.configuration.dataDirectory)
        pages = PageToken(key: masterKey.derived("iam.page-token"), refusal: .validation("Invalid Marker."))
        database = try host.database("iam.db", migrations: Schema.migrations)
        publisher = host.publisher
    }

    func read<Result>(_ body: (Snapshot) throws -> Result) async throws -> Result { try await database.read(body) }

    /// A change that alters what somebody may do, or who somebody is: everyone who keeps policies looks again.
    func change<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write { [publisher] transaction in
            transaction.afterCommit { publisher.publish(Self.topic) }
            return try body(transaction)
        }
    }

    /// A change to what proves who somebody is.
    ///
    /// - Parameter key: `nil` for every key.
    func changeCredentials<Result: Sendable>(
        _ key: String?, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await change { [publisher] transaction in
            transaction.afterCommit { publisher.publish(CredentialRefusal.topic, Array((key ?? "").utf8)) }
            return try body(transaction)
        }
    }

    /// The permission an operation needs on an identity, whose path is part of its name.
    func permission(_ kind: Identity.Kind, _ name: String, in call: Call) async throws -> Permission {
        let arn = try await read { try $0.identity(kind, name, of: call.account)?.arn }
        return Permission(
            on: arn ?? "arn:aws:iam::\(call.account):\(kind.rawValue)/\(name)", owner: call.account)
    }

    /// The permission an operation needs on whom it names, or else on whoever calls: a user, or the account's root.
    func keyHolderPermission(_ name: String?, in call: Call) async throws -> Permission {
        guard let user = try UserName.resolveKeyHolder(name, in: call) else {
            return Permission(on: call.principal, owner: call.account)
        }
        return try await permission(.user, user, in: call)
    }

    /// Reads a document as a policy of its use.
    ///
    /// - Throws: `MalformedPolicyDocument`
    static func check(_ document: String, as use: Policy.Use) throws {
        do {
            _ = try Policy.parse(document, as: use)
        } catch let error as PolicyError {
            throw ServiceError.malformedPolicy(error)
        }
    }
}
