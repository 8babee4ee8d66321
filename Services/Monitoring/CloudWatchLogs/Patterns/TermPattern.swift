import ServiceKit

/// Terms in any order: all of them, without those after `-`; or any of those after `?`.
struct TermPattern: Sendable {
    private var required: [[UInt8]] = []
    private var optional: [[UInt8]] = []
    private var excluded: [[UInt8]] = []

    init(_ scanner: inout PatternScanner) throws {
        while !scanner.isAtEnd {
            let isOptional = scanner.skip("?")
            let isExcluded = !isOptional && scanner.skip("-")
            try scanner.refuseRegularExpression()
            let term = Array((scanner.peek == UInt8(ascii: "\"") ? try scanner.quoted() : scanner.word()).utf8)
            guard !term.isEmpty else { throw ServiceError.invalidFilterPattern("a term is empty") }
            if isOptional {
                optional.append(term)
            } else if isExcluded {
                excluded.append(term)
            } else {
                required.append(term)
            }
            scanner.skipSpace()
        }
    }

    func matches(_ message: String) -> Bool {
        let text = Array(message.utf8)
        guard !excluded.contains(where: { TermPattern.contains(text, $0) }),
            required.allSatisfy({ TermPattern.contains(text, $0) })
        else { return false }
        // AWS ignores optional terms beside required ones.
        return optional.isEmpty || !required.isEmpty || optional.contains { TermPattern.contains(text, $0) }
    }

    /// Whether a term stands in a text as a word, or words, of its own.
    private static func contains(_ text: [UInt8], _ term: [UInt8]) -> Bool {
        guard term.count <= text.count else { return false }
        for start in 0...text.count - term.count where text[start] == term[0] {
            let end = start + term.count
            guard text[start..<end].elementsEqual(term) else { continue }
            let beginsWord = start == 0 || !(isWordByte(term[0]) && isWordByte(text[start - 1]))
            let endsWord = end == text.count || !(isWordByte(text[end - 1]) && isWordByte(text[end]))
            if beginsWord && endsWord { return true }
        }
        return false
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        default: false
        }
    }
}
