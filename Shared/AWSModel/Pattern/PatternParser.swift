/// Reads a regular expression; any syntax it does not know fails the whole.
struct PatternParser {
    private struct UnknownSyntax: Error {}

    private let text: [Unicode.Scalar]
    private var position = 0
    private var ignoresCase = false
    private var dotMatchesLineEnds = false

    static func parse(_ text: String) -> PatternSyntax? {
        var parser = PatternParser(text: Array(text.unicodeScalars))
        guard let syntax = try? parser.alternatives(), parser.position == parser.text.count else { return nil }
        return syntax
    }

    private init(text: [Unicode.Scalar]) { self.text = text }

    private var next: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private mutating func skip(_ expected: String) -> Bool {
        let scalars = Array(expected.unicodeScalars)
        guard position + scalars.count <= text.count, text[position..<position + scalars.count].elementsEqual(scalars)
        else { return false }
        position += scalars.count
        return true
    }

    private mutating func take() throws -> Unicode.Scalar {
        guard let scalar = next else { throw UnknownSyntax() }
        position += 1
        return scalar
    }

    private mutating func alternatives() throws -> PatternSyntax {
        var choices = [try sequence()]
        while skip("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .alternatives(choices)
    }

    private mutating func sequence() throws -> PatternSyntax {
        var parts: [PatternSyntax] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            parts.append(try repetition(of: try atom()))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func repetition(of atom: PatternSyntax) throws -> PatternSyntax {
        let result: PatternSyntax
        if skip("*") {
            result = .repeated(atom, minimum: 0, maximum: .max)
        } else if skip("+") {
            result = .repeated(atom, minimum: 1, maximum: .max)
        } else if skip("?") {
            result = .repeated(atom, minimum: 0, maximum: 1)
        } else if let (minimum, maximum) = counts() {
            result = .repeated(atom, minimum: minimum, maximum: maximum)
        } else {
            return atom
        }
        // Lazy or possessive: what is matched differs, whether it matches hardly ever.
        if !skip("?") { _ = skip("+") }
        return result
    }

    /// `{3}`, `{1,}`, `{0,62}`; anything else after `{` stands for itself.
    private mutating func counts() -> (Int, Int)? {
        let start = position
        guard skip("{"), let minimum = number() else {
            position = start
            return nil
        }
        var maximum = minimum
        if skip(",") { maximum = number() ?? .max }
        guard skip("}"), minimum <= maximum else {
            position = start
            return nil
        }
        return (minimum, maximum)
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let scalar = next, ("0"..."9").contains(scalar), digits.count < 9 {
            digits.unicodeScalars.append(scalar)
            position += 1
        }
        return Int(digits)
    }

    private mutating func atom() throws -> PatternSyntax {
        let scalar = try take()
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .one(dotMatchesLineEnds ? .any : .dot)
        case "[": return .one(cased(try characterClass()))
        case "(": return try group()
        case "\\": return try escape()
        case "*", "+", "?": throw UnknownSyntax()
        default: return .one(cased(CharacterClass(ranges: [scalar...scalar])))
        }
    }

    private mutating func group() throws -> PatternSyntax {
        if skip("?i)") {
            ignoresCase = true
            return .empty
        }
        if skip("?s)") {
            dotMatchesLineEnds = true
            return .empty
        }
        if skip("?=") { return .lookAhead(try groupEnd(), isNegated: false) }
        if skip("?!") { return .lookAhead(try groupEnd(), isNegated: true) }
        if skip("?<!") { return .lookBehind(try oneCharacter(), isNegated: true) }
        if skip("?<=") { return .lookBehind(try oneCharacter(), isNegated: false) }
        guard skip("?:") || next != "?" else { throw UnknownSyntax() }
        return try groupEnd()
    }

    private mutating func groupEnd() throws -> PatternSyntax {
        let inside = try alternatives()
        guard skip(")") else { throw UnknownSyntax() }
        return inside
    }

    private mutating func oneCharacter() throws -> CharacterClass {
        guard case .one(let set) = try groupEnd() else { throw UnknownSyntax() }
        return set
    }

    private mutating func escape() throws -> PatternSyntax {
        if skip("b") { return .wordBoundary(isNegated: false) }
        if skip("B") { return .wordBoundary(isNegated: true) }
        if let set = try classEscape() { return .one(set) }
        let scalar = try literalEscape()
        return .one(cased(CharacterClass(ranges: [scalar...scalar])))
    }

    /// After `\`: a class, or `nil` for a literal.
    private mutating func classEscape() throws -> CharacterClass? {
        if skip("d") { return .digit }
        if skip("D") { return CharacterClass.digit.inverted }
        if skip("w") { return .word }
        if skip("W") { return CharacterClass.word.inverted }
        if skip("s") { return .space }
        if skip("S") { return CharacterClass.space.inverted }
        if skip("p{") { return try property() }
        if skip("P{") { return try property().inverted }
        return nil
    }

    private mutating func property() throws -> CharacterClass {
        var name = ""
        while let scalar = next, scalar != "}" {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard skip("}") else { throw UnknownSyntax() }
        var set = CharacterClass()
        switch name {
        case "L", "IsLetter": set.insert(.letter)
        case "M": set.insert(.mark)
        case "N", "IsDigit": set.insert(.number)
        case "P": set.insert(.punctuation)
        case "S": set.insert(.symbol)
        case "Z": set.insert(.separator)
        case "C": set.insert(.other)
        case "ASCII": set.insert(0...127)
        case "Print": set.insert(32...126)
        case "Graph": set.insert(33...126)
        case "Upper": set.insert(65...90)
        case "Lower": set.insert(97...122)
        case "Digit": set.insert(48...57)
        case "Alpha": set.insert(CharacterClass(ranges: ["a"..."z", "A"..."Z"]))
        case "Alnum": set.insert(CharacterClass(ranges: ["a"..."z", "A"..."Z", "0"..."9"]))
        case "Punct": set.insert(CharacterClass(ranges: ["!"..."/", ":"..."@", "["..."`", "{"..."~"]))
        case "Space": set.insert(.space)
        case "Cntrl": set.insert(CharacterClass(ranges: ["\0"..."\u{1f}", "\u{7f}"..."\u{7f}"]))
        default: throw UnknownSyntax()
        }
        return set
    }

    private mutating func literalEscape() throws -> Unicode.Scalar {
        let scalar = try take()
        switch scalar {
        case "t": return "\t"
        case "n": return "\n"
        case "r": return "\r"
        case "f": return "\u{0c}"
        case "x": return try unicodeScalar(try hexadecimal(2))
        case "u": return try codeUnit()
        case "0"..."9", "a"..."z", "A"..."Z": throw UnknownSyntax()
        default: return scalar
        }
    }

    private mutating func codeUnit() throws -> Unicode.Scalar {
        let first = try hexadecimal(4)
        let mark = position
        // Java writes characters above U+FFFF as two surrogates.
        if (0xd800...0xdbff).contains(first), skip("\\u"), let second = try? hexadecimal(4) {
            if (0xdc00...0xdfff).contains(second) {
                return try unicodeScalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
            }
            position = mark
        }
        return try unicodeScalar(first)
    }

    private mutating func hexadecimal(_ digits: Int) throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = Int(String(try take()), radix: 16) else { throw UnknownSyntax() }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private func unicodeScalar(_ value: UInt32) throws -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(value) else { throw UnknownSyntax() }
        return scalar
    }

    private mutating func characterClass() throws -> CharacterClass {
        var set = CharacterClass()
        let isInverted = skip("^")
        var isFirst = true
        while isFirst || next != "]" {
            isFirst = false
            if try insertIntersection(&set) { continue }
            try insertItem(&set)
        }
        position += 1
        return isInverted ? set.inverted : set
    }

    /// A class inside a class is a union; `&&` no model uses.
    private mutating func insertIntersection(_ set: inout CharacterClass) throws -> Bool {
        guard next == "[", position + 1 < text.count, text[position + 1] == ":" || text[position + 1] == "^" else {
            return false
        }
        throw UnknownSyntax()
    }

    private mutating func insertItem(_ set: inout CharacterClass) throws {
        if skip("\\") {
            if let inside = try classEscape() { return set.insert(inside) }
            return try insertRange(from: try literalEscape(), &set)
        }
        try insertRange(from: try take(), &set)
    }

    private mutating func insertRange(from first: Unicode.Scalar, _ set: inout CharacterClass) throws {
        let start = position
        guard skip("-"), let following = next, following != "]" else {
            position = start
            return set.insert(first.value...first.value)
        }
        if following == "\\" {
            position += 1
            // `\w-\.`: a dash between a class and something is a dash.
            if let inside = try classEscape() {
                set.insert(CharacterClass(ranges: [first...first, "-"..."-"]))
                return set.insert(inside)
            }
            return try insert(first, through: try literalEscape(), &set)
        }
        try insert(first, through: try take(), &set)
    }

    private func insert(_ first: Unicode.Scalar, through last: Unicode.Scalar, _ set: inout CharacterClass) throws {
        guard first <= last else { throw UnknownSyntax() }
        set.insert(first.value...last.value)
    }

    private func cased(_ set: CharacterClass) -> CharacterClass {
        guard ignoresCase else { return set }
        var set = set
        set.insertOtherCase()
        return set
    }
}
