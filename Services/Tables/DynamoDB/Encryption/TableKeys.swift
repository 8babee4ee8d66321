import ServiceKit

/// KMS as tables use it: on behalf of whoever gives a table its key, and by a grant of theirs from then on.
///
/// [How DynamoDB uses KMS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html)
struct TableKeys: Sendable {
    static let managedKeyID = "alias/aws/dynamodb"

    private static let timeout = Duration.seconds(10)
    /// One grant of a key serves all its tables: by this name KMS knows the second request for the same.
    private static let grantName = "dynamodb"
    private static let granted = [
        "Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "DescribeKey", "RetireGrant",
    ]

    let client: ServiceClient

    /// The key for a new table, or for one that changes.
    ///
    /// - Throws: for a key that is not there, not enabled, of another kind, account or region, or not the caller's to
    ///   use.
    func encryption(_ input: EncryptionInput?, in call: Call) async throws -> TableEncryption? {
        try await encryption(input?.choice() ?? .none, in: call.region, call)
    }

    func encryption(
        _ choice: EncryptionInput.Choice, in region: String, _ call: Call
    ) async throws -> TableEncryption? {
        switch choice {
        case .none: return nil
        case .managed:
            let key = try await key(Self.managedKeyID, in: region, call)
            return TableEncryption(keyARN: key.arn, isCustomerManaged: false)
        case .customer(let keyID):
            let key = try await key(keyID, in: region, call)
            guard ARN(key.arn)?.account == call.account else {
                throw ServiceError.invalidParameter("The KMS key \(key.arn) belongs to another account")
            }
            guard key.isSymmetric else {
                throw ServiceError.invalidParameter("The KMS key \(key.arn) is not a symmetric encryption key")
            }
            guard key.isEnabled else { throw ServiceError.invalidParameter("The KMS key \(key.arn) is not enabled") }
            if key.isCustomerManaged { try await grant(key, in: region, call) }
            return TableEncryption(keyARN: key.arn, isCustomerManaged: key.isCustomerManaged)
        }
    }

    /// Whether a key of the customer's still serves, by the grant that was made for it.
    ///
    /// - Throws: what a KMS answers that cannot be asked now.
    func isUsable(_ keyARN: String, in region: String) async throws -> Bool {
        var options = ServiceClient.Options()
        options.region = region
        options.timeout = Self.timeout
        options.isIdempotent = true
        do {
            let reply = try await client.call(
                "kms", "DescribeKey", as: .service(Self.principal(in: region)), options: options
            ) { $0.member("KeyId", keyARN) }
            return try KeyDescription(reply).isEnabled
        } catch let error as ServiceError where error.status < 500 {
            return false
        }
    }

    // MARK: Asking

    private func key(_ keyID: String, in region: String, _ call: Call) async throws -> KeyDescription {
        let reply = try await ask("DescribeKey", in: region, call) { $0.member("KeyId", keyID) }
        return try KeyDescription(reply)
    }

    private func grant(_ key: KeyDescription, in region: String, _ call: Call) async throws {
        _ = try await ask("CreateGrant", in: region, call) { json in
            json.member("KeyId", key.arn)
            json.member("GranteePrincipal", Self.principal(in: region))
            json.member("RetiringPrincipal", Self.principal(in: region))
            json.member("Operations", Self.granted)
            json.member("Name", Self.grantName)
        }
    }

    private static func principal(in region: String) -> String { "dynamodb.\(region).amazonaws.com" }

    private func ask(
        _ operation: String, in region: String, _ call: Call, _ input: (inout JSONWriter) -> Void
    ) async throws -> ServiceReply {
        var caller = call.caller
        caller.context["kms:ViaService"] = [Self.principal(in: region)]
        caller.context["kms:GrantIsForAWSResource"] = ["true"]
        caller.context["aws:CalledVia"] = ["dynamodb.amazonaws.com"]
        var options = ServiceClient.Options()
        options.region = region
        options.timeout = Self.timeout
        options.isIdempotent = true
        options.trace = call.trace
        options.source = call.source
        do {
            return try await client.call("kms", operation, as: caller, options: options, input: input)
        } catch let error as ServiceError where error.status < 500 && error.code != "AccessDeniedException" {
            throw ServiceError.invalidParameter("KMSMasterKeyId cannot be used: \(error.message)")
        }
    }
}

/// What KMS tells of a key.
private struct KeyDescription: InputShape {
    let arn: String
    let isEnabled: Bool
    let isSymmetric: Bool
    let isCustomerManaged: Bool

    init(_ member: Members) throws {
        arn = try member("Arn")
        let state: String = try member("KeyState")
        let spec: String = try member("KeySpec")
        let usage: String = try member("KeyUsage")
        let manager: String = try member("KeyManager")
        isEnabled = state == "Enabled"
        isSymmetric = spec == "SYMMETRIC_DEFAULT" && usage == "ENCRYPT_DECRYPT"
        isCustomerManaged = manager == "CUSTOMER"
    }

    /// The answer of DescribeKey.
    init(_ reply: ServiceReply) throws { self = try Members(reply.output)("KeyMetadata") }
}
