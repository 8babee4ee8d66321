/// A regular expression of somebody's own, as templates have them: read within bounds, matched in bounded time.
public struct RegularExpression: Sendable {
    /// Bytes of an expression, and groups inside each other: reading recurses into them.
    private static let maximumLength = 4096
    private static let maximumNesting = 64

    private let pattern: Pattern

    /// - Parameter text: what must match all of a text, whether or not it says so by `^` and `$`.
    /// - Returns: `nil` for syntax that is not known (see `Pattern`) and for expressions beyond all use.
    public init?(whole text: String) {
        guard text.utf8.count <= Self.maximumLength, Self.nesting(of: text) <= Self.maximumNesting,
            let pattern = Pattern("(?:" + text + ")")
        else { return nil }
        self.pattern = pattern
    }

    public func matches(_ text: String) -> Bool { pattern.matches(text) }

    /// At least as many as there are groups inside each other: those of classes and escapes count too.
    private static func nesting(of text: String) -> Int {
        var (depth, deepest) = (0, 0)
        for byte in text.utf8 {
            if byte == UInt8(ascii: "(") { depth += 1 } else if byte == UInt8(ascii: ")") { depth -= 1 }
            deepest = max(deepest, depth)
        }
        return deepest
    }
}
