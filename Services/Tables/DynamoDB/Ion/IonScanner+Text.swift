import ServiceKit

extension IonScanner {
    private static let longQuote = Array("'''".utf8)

    /// Whether a long string follows, which its first quote alone does not tell from a symbol.
    var beginsLongText: Bool {
        var copy = self
        return copy.take(Self.longQuote)
    }

    /// A string or symbol up to the quote that ended it, which began with the same.
    mutating func text(until quote: UInt8) throws(MalformedSource) -> Text {
        var text: [UInt8] = []
        while !take(quote) {
            let byte = pop()
            if byte == UInt8(ascii: "\\") {
                try appendEscape(to: &text)
            } else if byte >= 0x20 || byte == 9 || byte == 11 || byte == 12 {
                text.append(byte)
            } else {
                throw MalformedSource(reason: "A string or symbol has no end on its line.")
            }
        }
        return try Self.text(text)
    }

    /// Long strings up to the last that follows: together they are one.
    mutating func longText() throws(MalformedSource) -> Text {
        var text: [UInt8] = []
        while take(Self.longQuote) {
            while !take(Self.longQuote) {
                guard !isAtEnd else { throw MalformedSource(reason: "A long string has no end.") }
                try appendLong(to: &text)
            }
            try passSpace()
        }
        return try Self.text(text)
    }

    private mutating func appendLong(to text: inout [UInt8]) throws(MalformedSource) {
        switch pop() {
        case UInt8(ascii: "\\"): try appendEscape(to: &text)
        case UInt8(ascii: "\r"):
            // Every line break counts as one line feed.
            _ = take(UInt8(ascii: "\n"))
            text.append(UInt8(ascii: "\n"))
        case let byte where byte >= 0x20 || Self.isSpace(byte): text.append(byte)
        default: throw MalformedSource(reason: "A long string holds a control character.")
        }
    }

    private static func text(_ bytes: [UInt8]) throws(MalformedSource) -> Text {
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw MalformedSource(reason: "A string or symbol is not valid UTF-8.")
        }
        return Text(string)
    }

    // MARK: Escapes

    private mutating func appendEscape(to text: inout [UInt8]) throws(MalformedSource) {
        let byte = pop()
        switch byte {
        case UInt8(ascii: "x"): try Self.append(scalar(digits: 2), to: &text)
        case UInt8(ascii: "u"): try Self.append(scalarOrPair(), to: &text)
        case UInt8(ascii: "U"): try Self.append(scalar(digits: 8), to: &text)
        case UInt8(ascii: "\n"): break
        case UInt8(ascii: "\r"): _ = take(UInt8(ascii: "\n"))
        default:
            guard let meant = Self.escapes[byte] else { throw Self.unknownEscape }
            text.append(meant)
        }
    }

    private static let unknownEscape = MalformedSource(reason: "A string or symbol has an escape that Ion does not.")

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "0"): 0, UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10,
        UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13, UInt8(ascii: "\""): 0x22,
        UInt8(ascii: "'"): 0x27, UInt8(ascii: "/"): 0x2f, UInt8(ascii: "?"): 0x3f, UInt8(ascii: "\\"): 0x5c,
    ]

    private static func append(_ scalar: UInt32, to text: inout [UInt8]) throws(MalformedSource) {
        guard let scalar = Unicode.Scalar(scalar) else { throw unknownEscape }
        text += Array(String(Character(scalar)).utf8)
    }

    private mutating func scalar(digits: Int) throws(MalformedSource) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = Hex.value(of: pop()) else { throw Self.unknownEscape }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// JSON writes what lies beyond 16 bits as two halves, and JSON is Ion.
    private mutating func scalarOrPair() throws(MalformedSource) -> UInt32 {
        let high = try scalar(digits: 4)
        guard (0xd800..<0xdc00).contains(high) else { return high }
        guard take(Array("\\u".utf8)) else { throw Self.unknownEscape }
        let low = try scalar(digits: 4)
        guard (0xdc00..<0xe000).contains(low) else { throw Self.unknownEscape }
        return 0x10000 + (high - 0xd800) << 10 + (low - 0xdc00)
    }
}
