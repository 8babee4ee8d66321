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
        return nonce + (try ObjectCipher(self, nonce: nonce).apply(to: bytes))
    }

    func openInline(_ stored: [UInt8]) throws -> [UInt8] {
        let nonce = Array(stored.prefix(AESCTR.nonceByteCount))
        return try ObjectCipher(self, nonce: nonce).apply(to: Array(stored.dropFirst(nonce.count)))
    }
}

/// What an object's bytes pass through on their way to the disk, and back: one layer, or two under independent keys.
///
/// The layers share their nonce, which is no secret: their keys are different, and so are their streams.
struct ObjectCipher {
    private let first: AESCTR
    private let second: AESCTR?

    init(_ key: DataKey, nonce: [UInt8], offset: Int64 = 0) throws {
        first = try AESCTR(key: key.bytes, nonce: nonce, offset: offset)
        second = try key.second.map { try AESCTR(key: $0, nonce: nonce, offset: offset) }
    }

    func apply(to bytes: [UInt8]) throws -> [UInt8] {
        var bytes = bytes
        try bytes.withUnsafeMutableBytes { try apply(to: UnsafeRawBufferPointer($0), into: $0) }
        return bytes
    }

    /// As above, into `room` for as many, which may be where the bytes themselves lie.
    func apply(to bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) throws {
        try first.apply(to: bytes, into: room)
        let once = UnsafeMutableRawBufferPointer(rebasing: room[..<bytes.count])
        try second?.apply(to: UnsafeRawBufferPointer(once), into: once)
    }
}
