import ServiceKit

/// The algorithms of signatures.
enum SigningAlgorithm: String, Sendable, CaseIterable {
    case pssSHA256 = "RSASSA_PSS_SHA_256"
    case pssSHA384 = "RSASSA_PSS_SHA_384"
    case pssSHA512 = "RSASSA_PSS_SHA_512"
    case pkcs1SHA256 = "RSASSA_PKCS1_V1_5_SHA_256"
    case pkcs1SHA384 = "RSASSA_PKCS1_V1_5_SHA_384"
    case pkcs1SHA512 = "RSASSA_PKCS1_V1_5_SHA_512"
    case ecdsaSHA256 = "ECDSA_SHA_256"
    case ecdsaSHA384 = "ECDSA_SHA_384"
    case ecdsaSHA512 = "ECDSA_SHA_512"

    var hash: AsymmetricKey.Hash {
        switch self {
        case .pssSHA256, .pkcs1SHA256, .ecdsaSHA256: .sha256
        case .pssSHA384, .pkcs1SHA384, .ecdsaSHA384: .sha384
        case .pssSHA512, .pkcs1SHA512, .ecdsaSHA512: .sha512
        }
    }

    var form: AsymmetricKey.SignatureForm {
        switch self {
        case .pssSHA256, .pssSHA384, .pssSHA512: .pss
        case .pkcs1SHA256, .pkcs1SHA384, .pkcs1SHA512: .pkcs1
        case .ecdsaSHA256, .ecdsaSHA384, .ecdsaSHA512: .ecdsa
        }
    }
}

/// The algorithms that messages are enciphered by.
enum EncryptionAlgorithm: String, Sendable {
    case symmetric = "SYMMETRIC_DEFAULT"
    case oaepSHA1 = "RSAES_OAEP_SHA_1"
    case oaepSHA256 = "RSAES_OAEP_SHA_256"

    /// `nil` for what is no RSA.
    var hash: AsymmetricKey.Hash? {
        switch self {
        case .symmetric: nil
        case .oaepSHA1: .sha1
        case .oaepSHA256: .sha256
        }
    }
}

/// What Sign and Verify have in common.
struct SignedMessage: Sendable {
    let keyID: String
    let algorithm: String
    let grantTokens: [String]?
    let isDryRun: Bool
    private let message: Blob
    private let isDigest: Bool

    init(_ member: Members) throws {
        keyID = try member("KeyId")
        algorithm = try member("SigningAlgorithm")
        grantTokens = try member("GrantTokens")
        isDryRun = try member("DryRun") ?? false
        message = try member("Message")
        isDigest = (try member("MessageType") as String?) == "DIGEST"
    }

    /// Condition keys.
    var conditions: [String: [String]] {
        ["kms:SigningAlgorithm": [algorithm], "kms:MessageType": [isDigest ? "DIGEST" : "RAW"]]
    }

    /// - Throws: `ValidationException` for what is no digest of the algorithm.
    func digest(for algorithm: SigningAlgorithm) throws -> [UInt8] {
        guard isDigest else { return algorithm.hash.digest(of: message.bytes) }
        guard message.bytes.count == algorithm.hash.byteCount else {
            throw ServiceError.validation("Digest is invalid length for algorithm \(algorithm.rawValue).")
        }
        return message.bytes
    }
}

extension Key {
    /// - Throws: `DisabledException`, `KMSInvalidStateException`, `InvalidKeyUsageException`
    func signingAlgorithm(named name: String, for operation: String) throws -> SigningAlgorithm {
        try requireUsable()
        try requireUsage(.signVerify, for: operation)
        guard let algorithm = spec.signingAlgorithms.first(where: { $0.rawValue == name }) else {
            throw ServiceError.invalidKeyUsage("Algorithm \(name) is incompatible with key spec \(spec.rawValue).")
        }
        return algorithm
    }

    /// - Throws: `DisabledException`, `KMSInvalidStateException`, `InvalidKeyUsageException`
    func encryptionAlgorithm(named name: String?, for operation: String) throws -> EncryptionAlgorithm {
        try requireUsable()
        try requireUsage(.encryptDecrypt, for: operation)
        let name = name ?? EncryptionAlgorithm.symmetric.rawValue
        guard let algorithm = spec.encryptionAlgorithms.first(where: { $0.rawValue == name }) else {
            throw ServiceError.invalidKeyUsage("Algorithm \(name) is incompatible with key spec \(spec.rawValue).")
        }
        return algorithm
    }

    /// For keys that other keys are made under.
    ///
    /// - Throws: `DisabledException`, `KMSInvalidStateException`, `InvalidKeyUsageException`
    func requireSymmetric(for operation: String) throws {
        _ = try encryptionAlgorithm(named: EncryptionAlgorithm.symmetric.rawValue, for: operation)
    }
}
