import COpenSSL

/// Key derivation from passwords.
public enum PasswordHash {
    /// PBKDF2 with HMAC-SHA-256, RFC 8018.
    public static func pbkdf2(
        _ password: String, salt: [UInt8], iterations: Int, byteCount: Int
    ) throws -> [UInt8] {
        let password = Array(password.utf8)
        var key = [UInt8](repeating: 0, count: byteCount)
        guard let rounds = Int32(exactly: iterations), rounds > 0, let length = Int32(exactly: byteCount), length > 0
        else { throw CryptoError.malformed }
        let done = password.withUnsafeBytes { password in
            PKCS5_PBKDF2_HMAC(
                password.bindMemory(to: CChar.self).baseAddress, Int32(password.count), salt, Int32(salt.count), rounds,
                EVP_sha256(), length, &key)
        }
        guard done == 1 else { throw CryptoError.failed(operation: "PBKDF2") }
        return key
    }

    /// scrypt, RFC 7914. The defaults take 16 MiB and some tens of milliseconds.
    public static func scrypt(
        _ password: String, salt: [UInt8], cost: UInt64 = 16_384, blockSize: UInt64 = 8, parallelism: UInt64 = 1,
        byteCount: Int = 32
    ) throws -> [UInt8] {
        let password = Array(password.utf8)
        var key = [UInt8](repeating: 0, count: byteCount)
        let memoryLimit = 128 * blockSize * (cost + parallelism) + (1 << 20)
        let done = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.bindMemory(to: CChar.self).baseAddress, password.count, salt, salt.count, cost, blockSize,
                parallelism, memoryLimit, &key, byteCount)
        }
        guard done == 1 else { throw CryptoError.failed(operation: "scrypt") }
        return key
    }
}
