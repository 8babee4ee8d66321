/// Percent-encoding, RFC 3986 section 2.
public enum PercentEncoding {
    /// Encodes every byte but the unreserved `A–Z a–z 0–9 - . _ ~`, and `/` where asked: AWS's `UriEncode`.
    public static func encode(_ text: some Sequence<UInt8>, keepingSlash: Bool = false) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.underestimatedCount)
        append(text, keepingSlash: keepingSlash, to: &out)
        return out
    }

    public static func append(_ text: some Sequence<UInt8>, keepingSlash: Bool = false, to out: inout [UInt8]) {
        // Bytes that lie side by side, which nearly all do, are walked without a call for each.
        let isDone: Void? = text.withContiguousStorageIfAvailable { append(bytes: $0, keepingSlash, to: &out) }
        guard isDone == nil else { return }
        Array(text).withUnsafeBufferPointer { append(bytes: $0, keepingSlash, to: &out) }
    }

    private static func append(bytes: UnsafeBufferPointer<UInt8>, _ keepingSlash: Bool, to out: inout [UInt8]) {
        for byte in bytes {
            if isUnreserved(byte) || (keepingSlash && byte == UInt8(ascii: "/")) {
                out.append(byte)
            } else {
                out.append(UInt8(ascii: "%"))
                out.append(upperDigit(byte >> 4))
                out.append(upperDigit(byte & 15))
            }
        }
    }

    public static func string(_ text: String, keepingSlash: Bool = false) -> String {
        String(decoding: encode(text.utf8, keepingSlash: keepingSlash), as: UTF8.self)
    }

    /// `nil` where a `%` is not followed by two hexadecimal digits. `plusIsSpace` reads form bodies.
    public static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
        let decoded = text.withContiguousStorageIfAvailable { decode(bytes: $0, plusIsSpace) }
        return decoded ?? Array(text).withUnsafeBufferPointer { decode(bytes: $0, plusIsSpace) }
    }

    private static func decode(bytes: UnsafeBufferPointer<UInt8>, _ plusIsSpace: Bool) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "%") {
                guard index + 1 < bytes.count, let high = Hex.value(of: bytes[index]),
                    let low = Hex.value(of: bytes[index + 1])
                else { return nil }
                index += 2
                out.append(high << 4 | low)
            } else {
                out.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return out
    }

    /// Whether encoding would leave a text as it is.
    public static func isUnreserved(_ text: UnsafeBufferPointer<UInt8>, orSlash: Bool) -> Bool {
        text.allSatisfy { isUnreserved($0) || (orSlash && $0 == UInt8(ascii: "/")) }
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func upperDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? nibble + UInt8(ascii: "0") : nibble - 10 + UInt8(ascii: "A")
    }
}
