import ServiceKit

/// The key of one object's bytes.
struct DataKey: Sendable {
    let bytes: [UInt8]
    /// Of a second layer, where the object has one.
    var second: [UInt8]?

    static func random() -> DataKey { DataKey(bytes: SecureRandom.bytes(AESCTR.keyByteCount)) }

    /// Enciphers the bytes of a small object, a nonce before them.
    func sealInline(_ bytes: [UInt8]) throws -> [UInt8] {
        let nonce = SecureRandom.bytes(AESCTR.nonceByteCount)
        return nonce + (try LayeredCipher(cipher(nonce)).apply(to: bytes[...]))
    }

    func openInline(_ stored: [UInt8]) throws -> [UInt8] {
        let nonce = Array(stored.prefix(AESCTR.nonceByteCount))
        return try LayeredCipher(cipher(nonce)).apply(to: stored.dropFirst(nonce.count))
    }

    /// What enciphers a file.
    func cipher(_ nonce: [UInt8]) -> FileCipher {
        FileCipher(nonce: nonce, keys: second.map { [bytes, $0] } ?? [bytes])
    }
}
