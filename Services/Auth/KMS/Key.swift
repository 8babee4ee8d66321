import ServiceKit

/// A KMS key, without its material.
struct Key: Sendable {
    enum State: String, Sendable, SQLValue {
        case enabled = "Enabled"
        case disabled = "Disabled"
        case pendingDeletion = "PendingDeletion"
    }

    enum Keeper: String, Sendable, SQLValue {
        case customer = "CUSTOMER"
        /// Made when a service first needs it, such as `alias/aws/s3`; nobody else changes it.
        case aws = "AWS"
    }

    /// Automatic rotation.
    struct Rotation: Sendable, Equatable {
        static let defaultDays = 365
        let days: Int
        var next: Timestamp
    }

    let id: String
    let account: String
    let region: String
    let created: Timestamp
    let spec: KeySpec
    let usage: KeyUsage
    let keeper: Keeper
    var description: String
    var state: State
    /// When a key that is pending deletion goes.
    var deletion: Timestamp?
    var waitingDays: Int?
    /// The document as it was given.
    var policy: String
    var tags: [Tag]
    var rotation: Rotation?

    var arn: ARN { ARN("kms", region: region, account: account, "key/\(id)") }

    var isAsymmetric: Bool { spec.asymmetricKind != nil }

    /// - Throws: `DisabledException`, `KMSInvalidStateException`
    func requireUsable() throws {
        try requireNotPendingDeletion()
        if state == .disabled { throw ServiceError.disabled(arn.description) }
    }

    /// - Throws: `KMSInvalidStateException`
    func requireNotPendingDeletion() throws {
        if state == .pendingDeletion { throw ServiceError.pendingDeletion(arn.description) }
    }

    /// - Throws: `InvalidKeyUsageException`
    func requireUsage(_ wanted: KeyUsage, for operation: String) throws {
        guard usage == wanted else {
            throw ServiceError.invalidKeyUsage(
                "\(arn) key usage is \(usage.rawValue) which is not valid for \(operation).")
        }
    }

    /// - Throws: `UnsupportedOperationException` for keys whose material never changes.
    func requireRotatable() throws {
        guard spec == .symmetric else {
            throw ServiceError.unsupported("You cannot perform this operation on the key \(arn): it does not rotate.")
        }
    }
}

/// `KeyMetadata`
struct KeyMetadata: OutputShape {
    let key: Key
    let materialID: String?

    func write(to json: inout JSONWriter) {
        json.member("AWSAccountId", key.account)
        json.member("KeyId", key.id)
        json.member("Arn", key.arn)
        json.member("CreationDate", key.created)
        json.member("Enabled", key.state == .enabled)
        json.member("Description", key.description)
        json.member("KeyUsage", key.usage.rawValue)
        json.member("KeyState", key.state.rawValue)
        json.member("DeletionDate", key.deletion)
        json.member("Origin", "AWS_KMS")
        json.member("KeyManager", key.keeper.rawValue)
        json.member("CustomerMasterKeySpec", key.spec.rawValue)
        json.member("KeySpec", key.spec.rawValue)
        switch key.usage {
        case .encryptDecrypt: json.member("EncryptionAlgorithms", key.spec.encryptionAlgorithms.map(\.rawValue))
        case .signVerify: json.member("SigningAlgorithms", key.spec.signingAlgorithms.map(\.rawValue))
        case .generateVerifyMAC, .keyAgreement: break
        }
        if let algorithm = key.spec.macAlgorithm { json.member("MacAlgorithms", [algorithm.rawValue]) }
        json.member("MultiRegion", false)
        if key.spec == .symmetric { json.member("CurrentKeyMaterialId", materialID) }
    }
}
