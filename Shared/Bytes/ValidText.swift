extension String {
    /// The text the bytes are in UTF-8; `nil` where they are not.
    ///
    /// Names, header fields and attributes are nearly always ASCII, which eight bytes at a time tell: the standard
    /// library's check is generic over its input and costs a multiple of that.
    public init?(validUTF8 bytes: UnsafeBufferPointer<UInt8>) {
        if bytes.isASCII {
            self.init(decoding: bytes, as: UTF8.self)
        } else {
            self.init(validating: bytes, as: UTF8.self)
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether no byte has its highest bit set.
    public var isASCII: Bool {
        let raw = UnsafeRawBufferPointer(self)
        var offset = 0
        while offset + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard word & 0x8080_8080_8080_8080 == 0 else { return false }
            offset += 8
        }
        while offset < raw.count {
            guard raw[offset] < 0x80 else { return false }
            offset += 1
        }
        return true
    }
}
