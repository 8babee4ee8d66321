import IAM
import KMS
import ServiceKit
import Synchronization
import TestSupport
import Testing

/// KMS on a store of its own with policies enforced, and shorthand for what the tests do over and over.
struct KMSCalls: Sendable {
    static let account = TestHost.account
    let host: TestHost
    let identities: GivenPolicies

    static func with(folder: String? = nil, _ body: (KMSCalls) async throws -> Void) async throws {
        let identities = GivenPolicies()
        try await TestHost.with(
            "auth", folder: folder, authorizer: PolicyAuthorizer(source: identities), { [try KMS.service(on: $0)] }
        ) { try await body(KMSCalls(host: $0, identities: identities)) }
    }

    @discardableResult
    func callAsFunction(
        _ operation: String, _ input: String = "{}", as caller: Caller = .root(of: account)
    ) async throws -> JSONValue {
        try await host.call("kms", operation, input, as: caller)
    }

    /// The code an operation is refused with.
    func code(
        _ operation: String, _ input: String = "{}", as caller: Caller = .root(of: account)
    ) async throws -> String? {
        try await host.error(of: "kms", operation, input, as: caller)?.code
    }

    func key(_ members: String = "") async throws -> String {
        let reply = try await self("CreateKey", "{\(members)}")
        return try #require(reply["KeyMetadata"]?["KeyId"]?.string)
    }

    /// A key with a policy of these statements, and the default one's.
    func key(with statement: String) async throws -> String {
        let root =
            #"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::\#(Self.account):root"},"Action":"kms:*","Resource":"*"}"#
        return try await key(
            #""Policy":\#(Self.quoted(#"{"Version":"2012-10-17","Statement":[\#(root),\#(statement)]}"#))"#)
    }

    func encrypt(_ text: String, _ key: String, _ more: String = "", as caller: Caller = .root(of: account))
        async throws -> String
    {
        let plaintext = Base64.string(Array(text.utf8))
        let reply = try await self("Encrypt", #"{"KeyId":"\#(key)","Plaintext":"\#(plaintext)"\#(more)}"#, as: caller)
        return try #require(reply["CiphertextBlob"]?.string)
    }

    func decrypt(_ ciphertext: String, _ more: String = "", as caller: Caller = .root(of: account)) async throws
        -> String
    {
        let reply = try await self("Decrypt", #"{"CiphertextBlob":"\#(ciphertext)"\#(more)}"#, as: caller)
        let bytes = try #require(Base64.decode(Array((reply["Plaintext"]?.string ?? "").utf8)))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A text as it stands inside JSON.
    static func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.value(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    static func user(_ name: String, account: String = account) -> Caller {
        Caller(.user, account: account, arn: "arn:aws:iam::\(account):user/\(name)", userID: "AIDA\(name)")
    }
}

/// What identities may do, as a test says.
final class GivenPolicies: PolicySource {
    private let policies = Mutex<[String: Policy]>([:])

    func give(_ caller: Caller, _ action: String, effect: String = "Allow") throws {
        let policy = try Policy.parse(
            #"{"Version":"2012-10-17","Statement":[{"Effect":"\#(effect)","Action":"\#(action)","Resource":"*"}]}"#,
            as: .identity)
        policies.withLock { $0[caller.arn] = policy }
    }

    func policies(of principal: String) async throws -> IdentityPolicies {
        IdentityPolicies(policies: policies.withLock { $0[principal] }.map { [$0] } ?? [])
    }
}
