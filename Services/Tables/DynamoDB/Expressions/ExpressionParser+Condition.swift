import ServiceKit

/// The grammar of conditions, filters and key conditions:
///
///     or         = and ( OR and )*
///     and        = not ( AND not )*
///     not        = NOT not | comparison
///     comparison = primary [ comparator operand | BETWEEN operand AND operand | IN "(" operands ")" ]
///     primary    = "(" or ")" | operand
///
/// What a parenthesis holds shows only at its end: `(a) = :v` and `(a = :v)` begin alike. So a rule answers either.
extension ExpressionParser {
    private enum Node {
        case operand(OperandSyntax)
        case condition(ConditionSyntax)
    }

    mutating func parseCondition() throws(ServiceError) -> ConditionSyntax {
        let node = try parseOr()
        let condition = try condition(node)
        guard token.kind == .end else { throw syntaxFault() }
        if hasRedundantParentheses { throw kind.fault("The expression has redundant parentheses;") }
        return condition
    }

    private mutating func parseOr() throws(ServiceError) -> Node {
        var node = try parseAnd()
        while isKeyword("OR") {
            let left = try condition(node)
            advance()
            try countOperator()
            node = .condition(.or(left, try condition(try parseAnd())))
        }
        return node
    }

    private mutating func parseAnd() throws(ServiceError) -> Node {
        var node = try parseNot()
        while isKeyword("AND") {
            let left = try condition(node)
            advance()
            try countOperator()
            node = .condition(.and(left, try condition(try parseNot())))
        }
        return node
    }

    private mutating func parseNot() throws(ServiceError) -> Node {
        var negations = 0
        while takeKeyword("NOT") {
            try countOperator()
            negations += 1
        }
        var node = try parseComparison()
        for _ in 0..<negations { node = .condition(.not(try condition(node))) }
        return node
    }

    private mutating func parseComparison() throws(ServiceError) -> Node {
        let node = try parsePrimary()
        guard case .operand(let left) = node else { return node }
        if token.kind == .symbol, let comparator = Comparator(rawValue: string(token)) {
            advance()
            try countOperator()
            return .condition(.comparison(comparator, left, try parseParenthesizedOperand()))
        }
        if takeKeyword("BETWEEN") {
            try countOperator()
            let lower = try parseParenthesizedOperand()
            guard takeKeyword("AND") else { throw syntaxFault() }
            return .condition(.between(left, lower: lower, upper: try parseParenthesizedOperand()))
        }
        if takeKeyword("IN") {
            try countOperator()
            return .condition(.membership(left, try parseOperandList()))
        }
        return node
    }

    private mutating func parsePrimary() throws(ServiceError) -> Node {
        guard isSymbol("(") else { return .operand(try parseOperand()) }
        let node = try parenthesized { (parser) throws(ServiceError) in try parser.parseOr() }
        guard case .operand(.path(var path)) = node else { return node }
        try parseSteps(into: &path)
        return .operand(.path(path))
    }

    /// The condition a node is: a call stands for itself, any other operand misses its comparator here.
    private func condition(_ node: Node) throws(ServiceError) -> ConditionSyntax {
        switch node {
        case .condition(let condition): return condition
        case .operand(.call(let call)): return .call(call)
        case .operand: throw syntaxFault()
        }
    }
}
