/// Base64, RFC 4648 sections 4 (standard, padded) and 5 (URL-safe, unpadded).
public enum Base64 {
    public enum Alphabet: Sendable {
        case standard
        /// `-` and `_`, written without padding.
        case url
    }

    private static let standardDigits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlDigits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let standardValues = values(of: standardDigits)
    private static let urlValues = values(of: urlDigits)
    private static let invalid: UInt8 = 255

    private static func values(of digits: [UInt8]) -> [UInt8] {
        var table = [UInt8](repeating: invalid, count: 256)
        for (value, digit) in digits.enumerated() { table[Int(digit)] = UInt8(value) }
        return table
    }

    public static func encode(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> [UInt8] {
        let digits = alphabet == .standard ? standardDigits : urlDigits
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index + 2 < bytes.count {
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            text.append(digits[Int(group >> 18 & 63)])
            text.append(digits[Int(group >> 12 & 63)])
            text.append(digits[Int(group >> 6 & 63)])
            text.append(digits[Int(group & 63)])
            index += 3
        }
        let left = bytes.count - index
        guard left > 0 else { return text }
        let group = UInt32(bytes[index]) << 16 | (left == 2 ? UInt32(bytes[index + 1]) << 8 : 0)
        text.append(digits[Int(group >> 18 & 63)])
        text.append(digits[Int(group >> 12 & 63)])
        if left == 2 { text.append(digits[Int(group >> 6 & 63)]) }
        if alphabet == .standard { text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - left)) }
        return text
    }

    public static func string(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
        String(decoding: encode(bytes, alphabet), as: UTF8.self)
    }

    /// `nil` for anything but the alphabet, and where bits that the bytes do not need are set: a value has one text only.
    /// Padding is required in the standard alphabet and optional in the other.
    public static func decode(_ text: some Collection<UInt8>, _ alphabet: Alphabet = .standard) -> [UInt8]? {
        if let bytes = text.withContiguousStorageIfAvailable({ decode($0, alphabet) }) { return bytes }
        return Array(text).withUnsafeBufferPointer { decode($0, alphabet) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>, _ alphabet: Alphabet) -> [UInt8]? {
        let values = alphabet == .standard ? standardValues : urlValues
        let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let digits = text.dropLast(padding)
        if alphabet == .standard || padding > 0 {
            guard text.count.isMultiple(of: 4) else { return nil }
        }
        guard digits.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var group: UInt32 = 0
        var bits = 0
        for digit in digits {
            let value = values[Int(digit)]
            guard value != invalid else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
            }
        }
        guard group & ((1 << UInt32(bits)) - 1) == 0 else { return nil }
        return bytes
    }
}
