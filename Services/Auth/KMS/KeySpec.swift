import ServiceKit

/// The kind of a key's material, and what it can be used for.
///
/// [Key specs](https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html)
enum KeySpec: String, Sendable, SQLValue {
    case symmetric = "SYMMETRIC_DEFAULT"
    case hmac224 = "HMAC_224"
    case hmac256 = "HMAC_256"
    case hmac384 = "HMAC_384"
    case hmac512 = "HMAC_512"
    case rsa2048 = "RSA_2048"
    case rsa3072 = "RSA_3072"
    case rsa4096 = "RSA_4096"
    case p256 = "ECC_NIST_P256"
    case p384 = "ECC_NIST_P384"
    case p521 = "ECC_NIST_P521"
    case secp256k1 = "ECC_SECG_P256K1"

    /// - Throws: `UnsupportedOperationException` for the model's other specs.
    init(named name: String) throws {
        guard let spec = KeySpec(rawValue: name) else {
            throw ServiceError.unsupported("The key spec \(name) is not implemented by Apus.")
        }
        self = spec
    }

    /// The first is what keys have that are made without a word about it, where AWS allows that.
    var usages: [KeyUsage] {
        switch self {
        case .symmetric: [.encryptDecrypt]
        case .hmac224, .hmac256, .hmac384, .hmac512: [.generateVerifyMAC]
        case .rsa2048, .rsa3072, .rsa4096: [.signVerify, .encryptDecrypt]
        case .p256, .p384, .p521, .secp256k1: [.signVerify]
        }
    }

    /// New material: random bytes, or a private key in PKCS #8.
    func newSecret() throws -> [UInt8] {
        if let kind = asymmetricKind { return try AsymmetricKey(generating: kind).pkcs8 }
        return SecureRandom.bytes(byteCount)
    }

    /// `nil` for keys that are one secret.
    var asymmetricKind: AsymmetricKey.Kind? {
        switch self {
        case .symmetric, .hmac224, .hmac256, .hmac384, .hmac512: nil
        case .rsa2048: .rsa(bits: 2048)
        case .rsa3072: .rsa(bits: 3072)
        case .rsa4096: .rsa(bits: 4096)
        case .p256: .curve(.p256)
        case .p384: .curve(.p384)
        case .p521: .curve(.p521)
        case .secp256k1: .curve(.secp256k1)
        }
    }

    private var byteCount: Int {
        switch self {
        case .hmac224: 28
        case .hmac384: 48
        case .hmac512: 64
        default: 32
        }
    }

    /// `nil` for keys that make no codes.
    var macAlgorithm: MACAlgorithm? {
        switch self {
        case .hmac224: .sha224
        case .hmac256: .sha256
        case .hmac384: .sha384
        case .hmac512: .sha512
        default: nil
        }
    }

    var signingAlgorithms: [SigningAlgorithm] {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096: SigningAlgorithm.allCases.filter { $0.form != .ecdsa }
        case .p256, .secp256k1: [.ecdsaSHA256]
        case .p384: [.ecdsaSHA384]
        case .p521: [.ecdsaSHA512]
        default: []
        }
    }

    var encryptionAlgorithms: [EncryptionAlgorithm] {
        switch self {
        case .symmetric: [.symmetric]
        case .rsa2048, .rsa3072, .rsa4096: [.oaepSHA1, .oaepSHA256]
        default: []
        }
    }
}

/// What a key is for: chosen when it is made, and never changed.
enum KeyUsage: String, Sendable, SQLValue {
    case encryptDecrypt = "ENCRYPT_DECRYPT"
    case generateVerifyMAC = "GENERATE_VERIFY_MAC"
    case signVerify = "SIGN_VERIFY"
    case keyAgreement = "KEY_AGREEMENT"
}

/// The algorithms of message authentication codes.
enum MACAlgorithm: String, Sendable {
    case sha224 = "HMAC_SHA_224"
    case sha256 = "HMAC_SHA_256"
    case sha384 = "HMAC_SHA_384"
    case sha512 = "HMAC_SHA_512"

    func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        switch self {
        case .sha224: HMACKey<SHA224>(key).authenticate(message)
        case .sha256: HMAC.sha256(key: key, message)
        case .sha384: HMACKey<SHA384>(key).authenticate(message)
        case .sha512: HMAC.sha512(key: key, message)
        }
    }
}
