import COpenSSL

/// RSA with PKCS #1 v1.5 padding and SHA-256: RS256 of RFC 7518.
public enum RSA {
    /// Verifies signatures. Parsed once; a check takes some 20 µs.
    public struct PublicKey: Sendable {
        private let handle: KeyHandle

        fileprivate init(_ handle: KeyHandle) { self.handle = handle }

        /// Reads a `PUBLIC KEY` PEM block.
        ///
        /// - Throws: `CryptoError.malformed`, also for keys of another kind.
        public init(pem: String) throws {
            handle = try KeyHandle(pem: pem) { PEM_read_bio_PUBKEY($0, nil, nil, nil) }
            try handle.requireRSA()
        }

        /// Makes a key of a JWK's `n` and `e`, most significant byte first.
        public init(modulus: [UInt8], exponent: [UInt8]) throws {
            let modulus = BigNumber(bytes: modulus)
            let exponent = BigNumber(bytes: exponent)
            handle = try withExtendedLifetime((modulus, exponent)) {
                try KeyHandle(type: "RSA") { builder in
                    modulus.add(to: builder, as: "n") && exponent.add(to: builder, as: "e")
                }
            }
        }

        public var modulus: [UInt8] { get throws { try handle.number("n").bytes } }
        public var exponent: [UInt8] { get throws { try handle.number("e").bytes } }
        public var pem: String { get throws { try handle.pem { PEM_write_bio_PUBKEY($0, $1) } } }

        public func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
            handle.verify(signature, of: message)
        }
    }

    /// Signs messages.
    public struct PrivateKey: Sendable {
        private let handle: KeyHandle

        /// Makes a new key, which takes tens to hundreds of milliseconds.
        public init(bits: Int = 2048) throws {
            guard let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else {
                throw CryptoError.failed(operation: "generate RSA key")
            }
            defer { EVP_PKEY_CTX_free(context) }
            var key: OpaquePointer?
            guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)) == 1,
                EVP_PKEY_generate(context, &key) == 1, let key
            else { throw CryptoError.failed(operation: "generate RSA key") }
            handle = KeyHandle(taking: key)
        }

        /// Reads an unencrypted `PRIVATE KEY` or `RSA PRIVATE KEY` PEM block.
        public init(pem: String) throws {
            handle = try KeyHandle(pem: pem) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in 0 }, nil) }
            try handle.requireRSA()
        }

        public var publicKey: PublicKey { PublicKey(handle) }
        public var pem: String {
            get throws { try handle.pem { PEM_write_bio_PrivateKey($0, $1, nil, nil, 0, nil, nil) } }
        }

        public func sign(_ message: [UInt8]) throws -> [UInt8] { try handle.sign(message) }
    }
}

extension KeyHandle {
    fileprivate func requireRSA() throws {
        guard EVP_PKEY_is_a(pointer, "RSA") == 1 else { throw CryptoError.malformed }
    }
}
