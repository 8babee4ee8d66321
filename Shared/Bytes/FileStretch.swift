/// Consecutive bytes of an open file, and what deciphers them.
public struct FileStretch: Sendable {
    public let file: OwnedDescriptor
    /// Where in the file.
    public let range: Range<Int64>
    /// `nil` for bytes that lie as they are.
    public let cipher: FileCipher?

    public init(file: OwnedDescriptor, range: Range<Int64>, cipher: FileCipher?) {
        self.file = file
        self.range = range
        self.cipher = cipher
    }
}

/// How a file's bytes are enciphered: AES-256 in counter mode, in as many layers as there are keys.
///
/// The layers share their nonce, which is no secret: their keys are different, and so are their streams.
public struct FileCipher: Sendable, Equatable {
    public let nonce: [UInt8]
    public let keys: [[UInt8]]

    public init(nonce: [UInt8], keys: [[UInt8]]) {
        self.nonce = nonce
        self.keys = keys
    }
}
