/// A regular expression of a service model, compiled once and matched in bounded time.
///
/// Knows what AWS's models use: classes with ranges and Unicode properties, groups, alternatives, greedy repetition,
/// anchors, word boundaries, look-ahead, and look-behind of one character. Back-references are not known.
///
/// A position in the program is explored once per position in the text, so hostile text cannot make it exponential.
public struct Pattern: Sendable {
    enum Node: Sendable {
        case one(CharacterClass, next: Int)
        /// The class `minimum` to `maximum` times.
        case run(CharacterClass, minimum: Int, maximum: Int, next: Int)
        /// Tries `first`, then `second`.
        case split(first: Int, second: Int)
        case start(next: Int)
        case end(next: Int)
        case wordBoundary(isNegated: Bool, next: Int)
        case lookAhead(body: Int, isNegated: Bool, next: Int)
        case lookBehind(CharacterClass, isNegated: Bool, next: Int)
        case match
    }

    let nodes: [Node]
    let entry: Int
    /// Whether the whole text must match: so AWS reads every pattern that does not begin with its own `^`.
    let isWhole: Bool

    /// `nil` for syntax it does not know.
    public init?(_ text: String) {
        guard let syntax = PatternParser.parse(text) else { return nil }
        var compiler = PatternCompiler()
        guard let entry = compiler.compile(syntax) else { return nil }
        nodes = compiler.nodes
        self.entry = entry
        isWhole = !(text.hasPrefix("^") && !syntax.isAlternative)
    }

    /// Whether the text matches, within bounded time.
    public func matches(_ text: String) -> Bool {
        var matcher = PatternMatcher(pattern: self, text: Array(text.unicodeScalars))
        return matcher.matches()
    }
}
