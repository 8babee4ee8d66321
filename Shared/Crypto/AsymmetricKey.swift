import COpenSSL

/// A private key of RSA or of an elliptic curve: signs digests, verifies signatures, and RSA's enciphers.
public struct AsymmetricKey: Sendable {
    public enum Kind: Sendable, Equatable {
        case rsa(bits: Int)
        /// `P-256`, `secp256k1`: the curve as OpenSSL calls it.
        case curve(Curve)
    }

    public enum Curve: String, Sendable {
        case p256 = "P-256"
        case p384 = "P-384"
        case p521 = "P-521"
        case secp256k1
    }

    public enum Hash: Sendable {
        case sha1, sha256, sha384, sha512

        public func digest(of message: [UInt8]) -> [UInt8] {
            switch self {
            case .sha1: SHA1.hash(message)
            case .sha256: SHA256.hash(message)
            case .sha384: SHA384.hash(message)
            case .sha512: SHA512.hash(message)
            }
        }

        public var byteCount: Int {
            switch self {
            case .sha1: SHA1.byteCount
            case .sha256: SHA256.byteCount
            case .sha384: SHA384.byteCount
            case .sha512: SHA512.byteCount
            }
        }

        fileprivate var function: OpaquePointer? {
            switch self {
            case .sha1: EVP_sha1()
            case .sha256: EVP_sha256()
            case .sha384: EVP_sha384()
            case .sha512: EVP_sha512()
            }
        }
    }

    public enum SignatureForm: Sendable {
        /// In the DER form of X9.62.
        case ecdsa
        case pkcs1
        /// With a salt as long as the digest.
        case pss
    }

    private let handle: KeyHandle

    /// Makes a new key; RSA's take hundreds of milliseconds.
    public init(generating kind: Kind) throws {
        let name: String
        switch kind {
        case .rsa: name = "RSA"
        case .curve: name = "EC"
        }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, name, nil) else {
            throw CryptoError.failed(operation: "generate key")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, Self.choose(kind, in: context),
            EVP_PKEY_generate(context, &key) == 1, let key
        else { throw CryptoError.failed(operation: "generate key") }
        handle = KeyHandle(taking: key)
    }

    /// Reads what `pkcs8` wrote.
    ///
    /// - Throws: `CryptoError.malformed`
    public init(pkcs8 bytes: [UInt8]) throws {
        let key = bytes.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var start = bytes.baseAddress
            return d2i_AutoPrivateKey(nil, &start, bytes.count)
        }
        guard let key else {
            ERR_clear_error()
            throw CryptoError.malformed
        }
        handle = KeyHandle(taking: key)
    }

    /// The private key, PKCS #8 in DER.
    public var pkcs8: [UInt8] {
        get throws { try handle.written { i2d_PKCS8PrivateKey_bio($0, $1, nil, nil, 0, nil, nil) } }
    }

    /// The public key, X.509 `SubjectPublicKeyInfo` in DER.
    public var publicKey: [UInt8] { get throws { try handle.written { i2d_PUBKEY_bio($0, $1) } } }

    /// - Parameter digest: of the length of `hash`.
    public func sign(_ digest: [UInt8], _ hash: Hash, _ form: SignatureForm) throws -> [UInt8] {
        let context = try context()
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_sign_init(context) == 1, Self.prepare(context, hash, form) else {
            throw Self.failure("sign")
        }
        return try Self.output("sign") { EVP_PKEY_sign(context, $0, $1, digest, digest.count) }
    }

    public func isValid(_ signature: [UInt8], of digest: [UInt8], _ hash: Hash, _ form: SignatureForm) throws -> Bool {
        let context = try context()
        defer {
            EVP_PKEY_CTX_free(context)
            // A refused signature leaves its reason in the thread's queue, where the next caller would read it.
            ERR_clear_error()
        }
        guard EVP_PKEY_verify_init(context) == 1, Self.prepare(context, hash, form) else {
            throw Self.failure("verify")
        }
        return EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
    }

    /// The most bytes that RSA enciphers at once.
    public func longestMessage(_ hash: Hash) -> Int { Int(EVP_PKEY_get_size(handle.pointer)) - 2 * hash.byteCount - 2 }

    /// RSAES-OAEP, with the hash also for its mask.
    public func encipher(_ plaintext: [UInt8], _ hash: Hash) throws -> [UInt8] {
        let context = try context()
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_encrypt_init(context) == 1, Self.prepare(context, padding: hash) else {
            throw Self.failure("encipher")
        }
        return try Self.output("encipher") { EVP_PKEY_encrypt(context, $0, $1, plaintext, plaintext.count) }
    }

    /// - Throws: `CryptoError.authenticationFailed`
    public func decipher(_ ciphertext: [UInt8], _ hash: Hash) throws -> [UInt8] {
        let context = try context()
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_decrypt_init(context) == 1, Self.prepare(context, padding: hash) else {
            throw Self.failure("decipher")
        }
        do {
            return try Self.output("decipher") { EVP_PKEY_decrypt(context, $0, $1, ciphertext, ciphertext.count) }
        } catch {
            throw CryptoError.authenticationFailed
        }
    }

    private func context() throws -> OpaquePointer {
        guard let context = EVP_PKEY_CTX_new(handle.pointer, nil) else { throw CryptoError.failed(operation: "key") }
        return context
    }

    private static func choose(_ kind: Kind, in context: OpaquePointer) -> Bool {
        switch kind {
        case .rsa(let bits): EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)) == 1
        case .curve(let curve): EVP_PKEY_CTX_set_group_name(context, curve.rawValue) == 1
        }
    }

    private static func prepare(_ context: OpaquePointer, _ hash: Hash, _ form: SignatureForm) -> Bool {
        guard EVP_PKEY_CTX_set_signature_md(context, hash.function) == 1 else { return false }
        switch form {
        case .ecdsa: return true
        case .pkcs1: return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
        case .pss:
            return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1
        }
    }

    private static func prepare(_ context: OpaquePointer, padding hash: Hash) -> Bool {
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1
            && EVP_PKEY_CTX_set_rsa_oaep_md(context, hash.function) == 1
            && EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash.function) == 1
    }

    /// Asks how long the output may be, then for the output.
    private static func output(
        _ operation: String, _ write: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>) -> Int32
    ) throws -> [UInt8] {
        var count = 0
        guard write(nil, &count) == 1 else { throw failure(operation) }
        var bytes = [UInt8](repeating: 0, count: count)
        let done = bytes.withUnsafeMutableBufferPointer { write($0.baseAddress, &count) }
        guard done == 1 else { throw failure(operation) }
        return Array(bytes.prefix(count))
    }

    private static func failure(_ operation: String) -> CryptoError {
        ERR_clear_error()
        return .failed(operation: operation)
    }
}
