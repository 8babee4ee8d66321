/// A piece of an expression's text.
struct ExpressionToken: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// A word: letters, digits and `_`, a letter first.
        case word
        /// `#name`
        case name
        /// `:value`
        case value
        case integer
        /// An operator or a punctuation mark.
        case symbol
        /// A character that begins none of these.
        case unknown
        case end
    }

    let kind: Kind
    /// Offsets of its bytes in the text.
    let range: Range<Int>
}

/// Cuts an expression into tokens; the last one is always `end`.
struct ExpressionLexer {
    private let text: [UInt8]
    private var position = 0

    static func tokens(of text: [UInt8]) -> [ExpressionToken] {
        var lexer = ExpressionLexer(text: text)
        var tokens: [ExpressionToken] = []
        repeat { tokens.append(lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private init(text: [UInt8]) { self.text = text }

    private mutating func next() -> ExpressionToken {
        while position < text.count, Self.isSpace(text[position]) { position += 1 }
        let start = position
        guard position < text.count else { return ExpressionToken(kind: .end, range: start..<start) }
        let kind = scan()
        return ExpressionToken(kind: kind, range: start..<position)
    }

    private mutating func scan() -> ExpressionToken.Kind {
        let first = text[position]
        position += 1
        if Self.isLetter(first) {
            skipWordBytes()
            return .word
        }
        if Self.isDigit(first) {
            while position < text.count, Self.isDigit(text[position]) { position += 1 }
            return .integer
        }
        switch first {
        case UInt8(ascii: "#"), UInt8(ascii: ":"):
            let start = position
            skipWordBytes()
            guard position > start else { return .unknown }
            return first == UInt8(ascii: "#") ? .name : .value
        case UInt8(ascii: "<"):
            if take(UInt8(ascii: "=")) || take(UInt8(ascii: ">")) { return .symbol }
            return .symbol
        case UInt8(ascii: ">"):
            _ = take(UInt8(ascii: "="))
            return .symbol
        case UInt8(ascii: "="), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
            return .symbol
        default:
            skipContinuationBytes()
            return .unknown
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWordBytes() {
        while position < text.count, Self.isWordByte(text[position]) { position += 1 }
    }

    /// The rest of a character outside ASCII.
    private mutating func skipContinuationBytes() {
        while position < text.count, text[position] & 0xc0 == 0x80 { position += 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
    }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    private static func isWordByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
    }
}
