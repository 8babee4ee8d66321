import COpenSSL

// What every signed request needs: digests in hexadecimal, without an array for each step. They are spelled out for
// SHA-256, because a generic function of another module is not specialized.

extension SHA256 {
    /// Appends the digest of `bytes` in lower-case hexadecimal.
    public static func appendHex(of bytes: [UInt8], to text: inout [UInt8]) {
        var context = SHA256_CTX()
        SHA256_Init(&context)
        bytes.withUnsafeBytes { _ = SHA256_Update(&context, $0.baseAddress, $0.count) }
        finish(&context, appendingTo: &text)
    }

    /// The digest of `bytes` in lower-case hexadecimal.
    public static func hex(of bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(2 * byteCount)
        appendHex(of: bytes, to: &text)
        return text
    }

    fileprivate static func finish(_ context: inout SHA256_CTX, appendingTo text: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: byteCount) { digest in
            SHA256_Final(digest.baseAddress, &context)
            for byte in digest {
                text.append(hexDigit(byte >> 4))
                text.append(hexDigit(byte & 15))
            }
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? nibble + UInt8(ascii: "0") : nibble - 10 + UInt8(ascii: "a")
    }
}

extension HMACKey where Function == SHA256 {
    /// The authentication code of `bytes` in lower-case hexadecimal.
    public func hex(authenticating bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(2 * SHA256.byteCount)
        var (inner, outer) = contexts
        bytes.withUnsafeBytes { _ = SHA256_Update(&inner, $0.baseAddress, $0.count) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SHA256.byteCount) { digest in
            SHA256_Final(digest.baseAddress, &inner)
            SHA256_Update(&outer, digest.baseAddress, digest.count)
        }
        SHA256.finish(&outer, appendingTo: &text)
        return text
    }

    private var contexts: (inner: SHA256_CTX, outer: SHA256_CTX) { (inner.context, outer.context) }
}
