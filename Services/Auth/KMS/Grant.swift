import ServiceKit

/// Lets a principal do some operations with a key, besides what policies say.
///
/// [Grants](https://docs.aws.amazon.com/kms/latest/developerguide/grants.html)
struct Grant: Sendable, OutputShape {
    /// Which encryption contexts a grant is for.
    struct Constraints: InputShape, OutputShape, Equatable {
        let subset: [String: String]?
        let equals: [String: String]?

        init(_ member: Members) throws {
            subset = try member("EncryptionContextSubset")
            equals = try member("EncryptionContextEquals")
        }

        func write(to json: inout JSONWriter) {
            json.member("EncryptionContextSubset", subset)
            json.member("EncryptionContextEquals", equals)
        }

        func allow(_ context: EncryptionContext) -> Bool {
            if let equals, equals != context.values { return false }
            return subset?.allSatisfy { context.values[$0.key] == $0.value } ?? true
        }

        /// Whether these let through nothing that the others do not.
        func isAsStrict(as other: Constraints) -> Bool {
            if let wanted = other.equals { return equals == wanted }
            let known = equals ?? subset ?? [:]
            return other.subset?.allSatisfy { known[$0.key] == $0.value } ?? true
        }
    }

    /// What can be granted of a key.
    static func operations(of key: Key) -> Set<String> {
        let always: Set = ["CreateGrant", "RetireGrant", "DescribeKey"]
        switch key.usage {
        case .encryptDecrypt where key.spec == .symmetric:
            return always.union([
                "Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom",
                "ReEncryptTo", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext",
            ])
        case .encryptDecrypt:
            return always.union(["Decrypt", "Encrypt", "ReEncryptFrom", "ReEncryptTo", "GetPublicKey"])
        case .signVerify: return always.union(["Sign", "Verify", "GetPublicKey"])
        case .generateVerifyMAC: return always.union(["GenerateMac", "VerifyMac"])
        case .keyAgreement: return always
        }
    }

    let keyARN: ARN
    let id: String
    let created: Timestamp
    let grantee: String
    let retiring: String?
    /// The account that made it.
    let issuer: String
    let name: String?
    let operations: [String]
    let constraints: Constraints?

    var keyID: String { String(keyARN.resource.dropFirst("key/".utf8.count)) }

    /// Whether it speaks about an operation in this context; `nil` for operations that have none.
    func covers(_ operation: String, _ context: EncryptionContext?) -> Bool {
        guard operations.contains(operation) else { return false }
        guard let constraints, let context else { return true }
        return constraints.allow(context)
    }

    func write(to json: inout JSONWriter) {
        json.member("KeyId", keyARN)
        json.member("GrantId", id)
        json.member("Name", name)
        json.member("CreationDate", created)
        json.member("GranteePrincipal", grantee)
        json.member("RetiringPrincipal", retiring)
        json.member("IssuingAccount", "arn:aws:iam::\(issuer):root")
        json.member("Operations", operations)
        json.member("Constraints", constraints)
    }
}

/// A text that names a grant, for whoever may retire it.
struct GrantTokens: Sendable {
    private let seal: PageToken
    private static let scope = "grant"

    init(_ masterKey: MasterKey) { seal = PageToken(key: masterKey.derived("kms.grant-token")) }

    func token(for grant: Grant) -> String { seal.seal("\(grant.keyID) \(grant.id)", scope: Self.scope) }

    /// - Throws: `InvalidGrantTokenException`
    func open(_ token: String) throws -> (keyID: String, grantID: String) {
        let parts = seal.open(token, scope: Self.scope)?.split(separator: " ") ?? []
        guard parts.count == 2 else { throw ServiceError.invalidGrantToken }
        return (String(parts[0]), String(parts[1]))
    }

    /// Grants count from the moment they are made: tokens need only be ours.
    ///
    /// - Throws: `InvalidGrantTokenException`
    func check(_ tokens: [String]?) throws {
        for token in tokens ?? [] { _ = try open(token) }
    }
}
