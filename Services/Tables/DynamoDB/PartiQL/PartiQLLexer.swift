import ServiceKit

/// A piece of a PartiQL statement.
enum PartiQLToken: Sendable, Equatable {
    /// A bare word: a keyword, a function's name or an identifier.
    case word(String)
    /// `"name"`
    case quoted(String)
    /// `'text'`
    case string(String)
    /// Digits, with point and exponent as they are written.
    case number(String)
    /// An operator or a punctuation mark.
    case symbol(String)
    case end

    /// As messages show it.
    var shown: String {
        switch self {
        case .word(let text), .number(let text), .symbol(let text): text
        case .quoted(let text): "\"\(text)\""
        case .string(let text): "'\(text)'"
        case .end: "<EOF>"
        }
    }
}

/// Cuts a statement into tokens; the last one is always `end`.
///
/// [PartiQL](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html)
struct PartiQLLexer {
    private let text: [UInt8]
    private var position = 0

    /// - Throws: for a quote that is never closed and a character that begins no token.
    static func tokens(of statement: String) throws(ServiceError) -> [PartiQLToken] {
        var lexer = PartiQLLexer(text: Array(statement.utf8))
        var tokens: [PartiQLToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last != .end
        return tokens
    }

    /// Where a token of a statement begins: its line and its column, both from 1.
    static func place(ofToken index: Int, in statement: String) -> (line: Int, column: Int) {
        var lexer = PartiQLLexer(text: Array(statement.utf8))
        for _ in 0..<index { _ = try? lexer.next() }
        try? lexer.skipBlanks()
        let lines = lexer.text[..<lexer.position].split(separator: 0x0a, omittingEmptySubsequences: false)
        let line = String(decoding: lines.last ?? [], as: UTF8.self)
        return (lines.count, line.unicodeScalars.count + 1)
    }

    private init(text: [UInt8]) { self.text = text }

    private mutating func next() throws(ServiceError) -> PartiQLToken {
        try skipBlanks()
        guard position < text.count else { return .end }
        let byte = text[position]
        if Self.isWordStart(byte) { return .word(take(while: Self.isWordByte)) }
        if Self.isDigit(byte) || (byte == UInt8(ascii: ".") && Self.isDigit(self.byte(at: 1))) { return number() }
        switch byte {
        case UInt8(ascii: "'"): return .string(try quoted(by: byte))
        case UInt8(ascii: "\""): return .quoted(try quoted(by: byte))
        default: return .symbol(try symbol())
        }
    }

    /// Blanks, `-- comments` and `/* comments */`.
    private mutating func skipBlanks() throws(ServiceError) {
        while position < text.count {
            if [0x20, 0x09, 0x0a, 0x0d].contains(text[position]) {
                position += 1
            } else if text[position] == UInt8(ascii: "-"), byte(at: 1) == UInt8(ascii: "-") {
                while position < text.count, text[position] != 0x0a { position += 1 }
            } else if text[position] == UInt8(ascii: "/"), byte(at: 1) == UInt8(ascii: "*") {
                position += 2
                while byte(at: 0) != UInt8(ascii: "*") || byte(at: 1) != UInt8(ascii: "/") {
                    guard position < text.count else { throw .malformedStatement("") }
                    position += 1
                }
                position += 2
            } else {
                return
            }
        }
    }

    /// `digits [. digits] [e [+-] digits]`; whether it is in range is the number's to say.
    private mutating func number() -> PartiQLToken {
        var digits = take(while: Self.isDigit)
        if byte(at: 0) == UInt8(ascii: ".") {
            position += 1
            digits += "." + take(while: Self.isDigit)
        }
        if byte(at: 0) | 0x20 == UInt8(ascii: "e") {
            let isSigned = byte(at: 1) == UInt8(ascii: "-") || byte(at: 1) == UInt8(ascii: "+")
            if Self.isDigit(byte(at: isSigned ? 2 : 1)) {
                let end = position + (isSigned ? 2 : 1)
                digits += String(decoding: text[position..<end], as: UTF8.self)
                position = end
                digits += take(while: Self.isDigit)
            }
        }
        return .number(digits)
    }

    /// The quote itself is written twice.
    private mutating func quoted(by quote: UInt8) throws(ServiceError) -> String {
        var content: [UInt8] = []
        position += 1
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte != quote {
                content.append(byte)
            } else if self.byte(at: 0) == quote {
                content.append(quote)
                position += 1
            } else {
                return String(decoding: content, as: UTF8.self)
            }
        }
        throw .malformedStatement("Unterminated \(quote == UInt8(ascii: "'") ? "string" : "identifier")")
    }

    private mutating func symbol() throws(ServiceError) -> String {
        for length in [2, 1] where position + length <= text.count {
            let candidate = String(decoding: text[position..<(position + length)], as: UTF8.self)
            guard Self.symbols.contains(candidate) else { continue }
            position += length
            return candidate
        }
        // AWS says nothing more of what it would read as a comment elsewhere.
        guard text[position] != UInt8(ascii: "#") else { throw .malformedStatement("") }
        let character = String(decoding: text[position...], as: UTF8.self).prefix(1)
        throw .malformedStatement("Unexpected character: \(character)")
    }

    private static let symbols: Set<String> = [
        "<<", ">>", "<=", ">=", "<>", "!=", "=", "<", ">", "(", ")", "[", "]", "{", "}", ",", ".", ":", "?", "*", "+",
        "-", ";",
    ]

    private mutating func take(while isWanted: (UInt8) -> Bool) -> String {
        let start = position
        while position < text.count, isWanted(text[position]) { position += 1 }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    /// Zero behind the end.
    private func byte(at offset: Int) -> UInt8 { position + offset < text.count ? text[position + offset] : 0 }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
    private static func isWordStart(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
    }
    private static func isWordByte(_ byte: UInt8) -> Bool { isWordStart(byte) || isDigit(byte) }
}
