import COpenSSL

/// AES-256 in counter mode, NIST SP 800-38A: enciphers and deciphers alike, beginning at any byte.
///
/// Tells nothing about altered bytes: what it protects needs a checksum besides. For one task at a time.
public final class AESCTR {
    public static let keyByteCount = 32
    /// The first bytes of the counter block; the other four count blocks of 16 bytes, 64 GiB in all.
    public static let nonceByteCount = 12
    private static let blockByteCount = 16

    private let context: OpaquePointer

    /// - Parameters:
    ///   - nonce: never used twice under one key.
    ///   - offset: of the first byte that comes, within the whole.
    /// - Throws: `CryptoError.malformed` for a key or nonce of another length, or an offset beyond the counter.
    public init(key: [UInt8], nonce: [UInt8], offset: Int64 = 0) throws {
        guard key.count == Self.keyByteCount, nonce.count == Self.nonceByteCount, offset >= 0,
            let block = UInt32(exactly: offset / Int64(Self.blockByteCount))
        else { throw CryptoError.malformed }
        guard let context = EVP_CIPHER_CTX_new() else { throw CryptoError.failed(operation: "AES-CTR context") }
        self.context = context
        let counter = nonce + withUnsafeBytes(of: block.bigEndian) { Array($0) }
        guard EVP_EncryptInit_ex(context, Cipher.aes256CTR, nil, key, counter) == 1 else {
            throw CryptoError.failed(operation: "AES-CTR")
        }
        let skipped = Int(offset % Int64(Self.blockByteCount))
        if skipped > 0 { _ = try apply(to: [UInt8](repeating: 0, count: skipped)) }
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// The next bytes, enciphered or deciphered.
    public func apply(to bytes: [UInt8]) throws -> [UInt8] {
        guard !bytes.isEmpty else { return bytes }
        return try [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
            try bytes.withUnsafeBytes { try apply(to: $0, into: UnsafeMutableRawBufferPointer(buffer)) }
            count = bytes.count
        }
    }

    /// As above, into `room` for as many, which may be where the bytes themselves lie.
    public func apply(to bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) throws {
        guard let length = Int32(exactly: bytes.count), bytes.count <= room.count else { throw CryptoError.malformed }
        guard let source = bytes.baseAddress, let target = room.baseAddress else { return }
        var written: Int32 = 0
        guard EVP_EncryptUpdate(context, target, &written, source, length) == 1, written == length else {
            throw CryptoError.failed(operation: "AES-CTR")
        }
    }
}
