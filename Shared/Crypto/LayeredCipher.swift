import Bytes

/// What a file's bytes pass through on their way to the disk, and back. For one task at a time.
public struct LayeredCipher {
    private let layers: [AESCTR]

    /// - Parameter offset: of the first byte that comes, within the file.
    /// - Throws: `CryptoError.malformed` for a cipher without keys, and as `AESCTR`.
    public init(_ cipher: FileCipher, offset: Int64 = 0) throws {
        guard !cipher.keys.isEmpty else { throw CryptoError.malformed }
        layers = try cipher.keys.map { try AESCTR(key: $0, nonce: cipher.nonce, offset: offset) }
    }

    /// The next bytes, enciphered or deciphered.
    public func apply(to bytes: ArraySlice<UInt8>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: bytes.count) { room, count in
            try bytes.withUnsafeBytes { try apply(to: $0, into: UnsafeMutableRawBufferPointer(room)) }
            count = bytes.count
        }
    }

    /// As above, into `room` for as many, which may be where the bytes themselves lie.
    public func apply(to bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) throws {
        var source = bytes
        for layer in layers {
            try layer.apply(to: source, into: room)
            source = UnsafeRawBufferPointer(rebasing: room[..<bytes.count])
        }
    }
}
