import COpenSSL

/// AES-256-GCM, NIST SP 800-38D: what secrets at rest are sealed with.
///
/// A sealed message is a random 12-byte nonce, the ciphertext, and the 16-byte tag.
public enum AESGCM {
    public static let keyByteCount = 32
    private static let nonceByteCount = 12
    private static let tagByteCount = 16

    /// - Parameter context: bytes that are bound to the message without being part of it, such as its row's key.
    /// - Throws: `CryptoError.malformed` for a key of another length than 32 bytes.
    public static func seal(_ plaintext: [UInt8], key: [UInt8], context: [UInt8] = []) throws -> [UInt8] {
        guard key.count == keyByteCount, let length = Int32(exactly: plaintext.count),
            let contextLength = Int32(exactly: context.count)
        else { throw CryptoError.malformed }
        let cipher = try cipherContext()
        defer { EVP_CIPHER_CTX_free(cipher) }
        let nonce = SecureRandom.bytes(nonceByteCount)
        var ciphertext = [UInt8](repeating: 0, count: plaintext.count)
        var tag = [UInt8](repeating: 0, count: tagByteCount)
        var written: Int32 = 0
        guard EVP_EncryptInit_ex(cipher, Cipher.aes256GCM, nil, key, nonce) == 1,
            contextLength == 0 || EVP_EncryptUpdate(cipher, nil, &written, context, contextLength) == 1,
            length == 0 || EVP_EncryptUpdate(cipher, &ciphertext, &written, plaintext, length) == 1,
            EVP_EncryptFinal_ex(cipher, nil, &written) == 1,
            EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, Int32(tagByteCount), &tag) == 1
        else { throw CryptoError.failed(operation: "AES-GCM seal") }
        return nonce + ciphertext + tag
    }

    /// - Throws: `CryptoError.authenticationFailed` unless key, context and every byte are those of `seal`.
    public static func open(_ sealed: [UInt8], key: [UInt8], context: [UInt8] = []) throws -> [UInt8] {
        guard key.count == keyByteCount, let contextLength = Int32(exactly: context.count) else {
            throw CryptoError.malformed
        }
        guard sealed.count >= nonceByteCount + tagByteCount,
            let length = Int32(exactly: sealed.count - nonceByteCount - tagByteCount)
        else { throw CryptoError.authenticationFailed }
        let cipher = try cipherContext()
        defer { EVP_CIPHER_CTX_free(cipher) }
        let nonce = Array(sealed.prefix(nonceByteCount))
        let ciphertext = Array(sealed.dropFirst(nonceByteCount).dropLast(tagByteCount))
        var tag = Array(sealed.suffix(tagByteCount))
        var plaintext = [UInt8](repeating: 0, count: ciphertext.count)
        var written: Int32 = 0
        guard EVP_DecryptInit_ex(cipher, Cipher.aes256GCM, nil, key, nonce) == 1,
            contextLength == 0 || EVP_DecryptUpdate(cipher, nil, &written, context, contextLength) == 1,
            length == 0 || EVP_DecryptUpdate(cipher, &plaintext, &written, ciphertext, length) == 1,
            EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, Int32(tagByteCount), &tag) == 1,
            EVP_DecryptFinal_ex(cipher, nil, &written) == 1
        else { throw CryptoError.authenticationFailed }
        return plaintext
    }

    private static func cipherContext() throws -> OpaquePointer {
        guard let context = EVP_CIPHER_CTX_new() else { throw CryptoError.failed(operation: "AES-GCM context") }
        return context
    }
}
