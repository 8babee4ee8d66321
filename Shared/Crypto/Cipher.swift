import COpenSSL

/// Algorithms looked up once: OpenSSL would search its providers at every use of `EVP_aes_256_gcm()`, which takes longer
/// than to seal a key.
enum Cipher {
    // Never freed, and immutable once fetched.
    nonisolated(unsafe) static let aes256GCM = fetched("AES-256-GCM")
    nonisolated(unsafe) static let aes256CTR = fetched("AES-256-CTR")

    private static func fetched(_ name: String) -> OpaquePointer {
        guard let cipher = EVP_CIPHER_fetch(nil, name, nil) else { preconditionFailure("OpenSSL without \(name)") }
        return cipher
    }
}
