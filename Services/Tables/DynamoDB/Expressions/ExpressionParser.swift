import ServiceKit

/// What the grammars of all expressions share: tokens, paths, operands, faults.
struct ExpressionParser {
    let kind: ExpressionKind
    private let text: [UInt8]
    private let tokens: [ExpressionToken]
    private var index = 0
    private(set) var operatorCount = 0
    /// Two pairs of parentheses around one thing: reported once the syntax has proved right.
    private(set) var hasRedundantParentheses = false
    /// Token indices of the pair of parentheses closed last.
    private var lastPair: (open: Int, close: Int)?
    private var depth = 0

    /// - Throws: for an empty expression and one beyond 4 KB.
    init(_ text: String, kind: ExpressionKind) throws(ServiceError) {
        self.kind = kind
        self.text = Array(text.utf8)
        guard !self.text.isEmpty else { throw kind.fault("The expression can not be empty;") }
        guard self.text.count <= ExpressionLimits.size else {
            throw kind.fault(
                "Expression size has exceeded the maximum allowed size; expression size: \(self.text.count)")
        }
        tokens = ExpressionLexer.tokens(of: self.text)
    }

    // MARK: Tokens

    var token: ExpressionToken { tokens[index] }
    /// The token behind the current one.
    var following: ExpressionToken { tokens[min(index + 1, tokens.count - 1)] }

    func string(_ token: ExpressionToken) -> String { String(decoding: text[token.range], as: UTF8.self) }

    mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
    }

    func isSymbol(_ symbol: StaticString) -> Bool {
        token.kind == .symbol && matches(token, symbol) { $0 == $1 }
    }

    /// Keywords are recognised in any case.
    func isKeyword(_ keyword: StaticString) -> Bool {
        token.kind == .word && matches(token, keyword) { $0 & 0xdf == $1 }
    }

    mutating func takeSymbol(_ symbol: StaticString) -> Bool {
        guard isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func takeKeyword(_ keyword: StaticString) -> Bool {
        guard isKeyword(keyword) else { return false }
        advance()
        return true
    }

    mutating func expectSymbol(_ symbol: StaticString) throws(ServiceError) {
        guard takeSymbol(symbol) else { throw syntaxFault() }
    }

    private func matches(_ token: ExpressionToken, _ expected: StaticString, by equal: (UInt8, UInt8) -> Bool) -> Bool {
        guard token.range.count == expected.utf8CodeUnitCount else { return false }
        for (offset, position) in token.range.enumerated()
        where !equal(text[position], expected.utf8Start[offset]) { return false }
        return true
    }

    // MARK: Faults

    /// A syntax error at the current token, shown with its neighbours.
    func syntaxFault() -> ServiceError {
        let shown = token.kind == .end ? "<EOF>" : string(token)
        let start = index > 0 ? tokens[index - 1].range.lowerBound : token.range.lowerBound
        let end = following.kind == .end ? token.range.upperBound : following.range.upperBound
        let near = String(decoding: text[start..<max(start, end)], as: UTF8.self)
        // Whatever follows the last token is white space.
        let trimmed = token.kind == .end ? Substring(near).trimmingTrailingSpace() : Substring(near)
        return kind.fault("Syntax error; token: \"\(shown)\", near: \"\(trimmed)\"")
    }

    mutating func countOperator() throws(ServiceError) {
        operatorCount += 1
        guard operatorCount <= ExpressionLimits.operators else {
            throw kind.fault("The expression contains too many operators; operator count: \(operatorCount)")
        }
    }

    /// Guards the recursion of nested parentheses and calls.
    mutating func nested<Result>(
        _ parse: (inout ExpressionParser) throws(ServiceError) -> Result
    ) throws(ServiceError) -> Result {
        depth += 1
        guard depth <= ExpressionLimits.depth else {
            throw kind.fault("The expression is nested too deeply; nesting limit: \(ExpressionLimits.depth)")
        }
        let result = try parse(&self)
        depth -= 1
        return result
    }

    // MARK: Paths and operands

    /// `step ( "." step | "[" integer "]" )*`
    mutating func parsePath() throws(ServiceError) -> PathSyntax {
        var path = PathSyntax(steps: [try parseName()])
        try parseSteps(into: &path)
        guard path.steps.count <= ItemLimits.nesting else {
            throw kind.fault(
                "The document path has too many nesting levels; nesting levels: \(path.steps.count)")
        }
        return path
    }

    mutating func parseSteps(into path: inout PathSyntax) throws(ServiceError) {
        while true {
            if takeSymbol(".") {
                path.steps.append(try parseName())
            } else if takeSymbol("[") {
                path.steps.append(.index(try parseIndex()))
                try expectSymbol("]")
            } else {
                return
            }
        }
    }

    private mutating func parseIndex() throws(ServiceError) -> Int {
        guard token.kind == .integer else { throw syntaxFault() }
        guard let index = Int32(string(token)) else {
            throw kind.fault("List index is not within the allowable range; index: [\(string(token))]")
        }
        advance()
        return Int(index)
    }

    private mutating func parseName() throws(ServiceError) -> PathSyntax.Step {
        let step: PathSyntax.Step
        switch token.kind {
        case .word where !isGrammarWord: step = .name(string(token))
        case .name: step = .placeholder(string(token))
        default: throw syntaxFault()
        }
        advance()
        return step
    }

    /// A word of the grammar itself, which is never a name.
    private var isGrammarWord: Bool {
        switch kind {
        case .projection: false
        case .update: isKeyword("SET") || isKeyword("REMOVE") || isKeyword("ADD") || isKeyword("DELETE")
        case .condition, .filter, .keyCondition:
            isKeyword("AND") || isKeyword("OR") || isKeyword("NOT") || isKeyword("IN") || isKeyword("BETWEEN")
        }
    }

    /// `path | :value | function "(" operands ")"`
    mutating func parseOperand() throws(ServiceError) -> OperandSyntax {
        if token.kind == .value {
            let name = string(token)
            advance()
            return .value(name)
        }
        if token.kind == .word, following.kind == .symbol, string(following) == "(", !isGrammarWord {
            return .call(try nested { (parser) throws(ServiceError) in try parser.parseCall() })
        }
        return .path(try parsePath())
    }

    private mutating func parseCall() throws(ServiceError) -> CallSyntax {
        let function = string(token)
        advance()
        return CallSyntax(function: function, arguments: try parseOperandList())
    }

    /// `"(" operand ( "," operand )* ")"`
    mutating func parseOperandList() throws(ServiceError) -> [OperandSyntax] {
        try expectSymbol("(")
        var operands = [try parseParenthesizedOperand()]
        while takeSymbol(",") { operands.append(try parseParenthesizedOperand()) }
        try expectSymbol(")")
        return operands
    }

    /// An operand, also in parentheses.
    mutating func parseParenthesizedOperand() throws(ServiceError) -> OperandSyntax {
        guard isSymbol("(") else { return try parseOperand() }
        let operand = try parenthesized { (parser) throws(ServiceError) in try parser.parseParenthesizedOperand() }
        guard case .path(var path) = operand else { return operand }
        try parseSteps(into: &path)
        return .path(path)
    }

    /// `"(" content ")"`; notices when the content is nothing but another pair.
    mutating func parenthesized<Content>(
        _ parse: (inout ExpressionParser) throws(ServiceError) -> Content
    ) throws(ServiceError) -> Content {
        let open = index
        try expectSymbol("(")
        let content = try nested(parse)
        if let lastPair, lastPair.open == open + 1, lastPair.close == index - 1 { hasRedundantParentheses = true }
        lastPair = (open, index)
        try expectSymbol(")")
        return content
    }
}

extension Substring {
    fileprivate func trimmingTrailingSpace() -> Substring {
        var text = self
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
