/// A function from bytes that arrive in pieces to a short value: a digest or a cyclic redundancy check.
///
/// Conforming types are plain values: a copy continues on its own from where it was taken.
public protocol Checksum: Sendable {
    init()
    mutating func update(_ bytes: UnsafeRawBufferPointer)
    /// The value, most significant byte first. The checksum is spent afterwards.
    mutating func finalize() -> [UInt8]
}

extension Checksum {
    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }
    public mutating func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { update($0) } }
    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The checksum of bytes already at hand.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var checksum = Self()
        checksum.update(bytes)
        return checksum.finalize()
    }

    /// The checksum of a text's UTF-8.
    public static func hash(_ text: String) -> [UInt8] {
        var checksum = Self()
        checksum.update(text)
        return checksum.finalize()
    }
}

/// A cryptographic digest.
public protocol Digest: Checksum {
    /// The length of its value.
    static var byteCount: Int { get }
    /// The length of the blocks it works on, which HMAC needs.
    static var blockByteCount: Int { get }
}
