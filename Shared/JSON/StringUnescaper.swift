import Bytes

/// Turns the inside of a JSON string, already checked by the parser, into the text it stands for.
enum StringUnescaper {
    static func unescape(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        append(text, to: &out)
        return out
    }

    static func append(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        var index = 0
        while true {
            let end = PlainText.end(in: text, from: index, stopsAtNonASCII: false)
            out.append(contentsOf: UnsafeBufferPointer(rebasing: text[index..<end]))
            index = end
            guard index + 1 < text.count else { return }
            if text[index + 1] == UInt8(ascii: "u") {
                index += appendCodePoint(in: text, at: index, to: &out)
            } else {
                out.append(character(escapedAs: text[index + 1]))
                index += 2
            }
        }
    }

    /// The four digits of `\uXXXX` at an offset, or `nil`.
    static func codeUnit(in text: UnsafeBufferPointer<UInt8>, at offset: Int) -> UInt32? {
        guard offset + 6 <= text.count, text[offset] == UInt8(ascii: "\\"), text[offset + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt32 = 0
        for index in offset + 2..<offset + 6 {
            guard let digit = Hex.value(of: text[index]) else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private static func appendCodePoint(
        in text: UnsafeBufferPointer<UInt8>, at offset: Int, to out: inout [UInt8]
    ) -> Int {
        let high = codeUnit(in: text, at: offset) ?? 0xfffd
        var scalar = high
        var length = 6
        if high & 0xfc00 == 0xd800, let low = codeUnit(in: text, at: offset + 6) {
            scalar = 0x10000 + (high & 0x3ff) << 10 + (low & 0x3ff)
            length = 12
        }
        out.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8)
        return length
    }

    private static func character(escapedAs letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }
}

/// Well-formed UTF-8, Unicode table 3-7.
enum UTF8Sequence {
    /// The length of the multi-byte character at an offset, or `nil` where there is none.
    static func length(in text: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int? {
        let first = text[offset]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch first {
        case 0xc2...0xdf: length = 2
        case 0xe0...0xef:
            length = 3
            if first == 0xe0 { second = 0xa0...0xbf }
            if first == 0xed { second = 0x80...0x9f }
        case 0xf0...0xf4:
            length = 4
            if first == 0xf0 { second = 0x90...0xbf }
            if first == 0xf4 { second = 0x80...0x8f }
        default: return nil
        }
        guard offset + length <= text.count, second.contains(text[offset + 1]) else { return nil }
        for index in offset + 2..<max(offset + 2, offset + length) where text[index] & 0xc0 != 0x80 { return nil }
        return length
    }
}
