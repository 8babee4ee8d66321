/// Identifiers in the forms AWS uses.
public enum Identifier {
    /// `3f1f2b3c-…`: a random UUID, version 4.
    public static func uuid() -> String {
        var bytes = SecureRandom.bytes(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        return uuid(of: bytes)
    }

    /// The text of a UUID's 16 bytes.
    public static func uuid(of bytes: [UInt8]) -> String {
        let digits = Hex.encode(bytes)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `AKIA…`, `AIDA…`, `AROA…`: a prefix and random characters of base 32.
    public static func unique(prefix: String, length: Int = 20) -> String {
        prefix + SecureRandom.string(length - prefix.utf8.count, of: .base32)
    }

    /// Lower-case letters and digits, such as API identifiers: `a1b2c3d4e5`.
    public static func lowercase(_ length: Int) -> String {
        SecureRandom.string(length, of: .lowercaseAlphanumeric)
    }
}
