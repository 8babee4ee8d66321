import ServiceKit

/// The grammar of updates:
///
///     update = ( SET set, … | REMOVE path, … | ADD path :value, … | DELETE path :value, … )+
///     set    = path "=" value
///     value  = operand [ ( "+" | "-" ) operand ]
extension ExpressionParser {
    mutating func parseUpdate() throws(ServiceError) -> [UpdateClauseSyntax] {
        var clauses: [UpdateClauseSyntax] = []
        var sections: Set<String> = []
        var repeated: String?
        repeat {
            guard token.kind == .word else { throw syntaxFault() }
            let section = string(token).uppercased()
            if !sections.insert(section).inserted { repeated = repeated ?? section }
            try parseSection(into: &clauses)
        } while token.kind != .end
        try UpdateSyntaxChecks.checkNamesAndFunctions(of: clauses)
        if let repeated {
            throw kind.fault("The \"\(repeated)\" section can only be used once in an update expression;")
        }
        return clauses
    }

    private mutating func parseSection(into clauses: inout [UpdateClauseSyntax]) throws(ServiceError) {
        if takeKeyword("SET") {
            repeat { clauses.append(try parseSet()) } while takeSymbol(",")
        } else if takeKeyword("REMOVE") {
            repeat { clauses.append(.remove(try parsePath())) } while takeSymbol(",")
        } else if takeKeyword("ADD") {
            repeat { clauses.append(.add(try parsePath(), try parseValue())) } while takeSymbol(",")
        } else if takeKeyword("DELETE") {
            repeat { clauses.append(.delete(try parsePath(), try parseValue())) } while takeSymbol(",")
        } else {
            throw syntaxFault()
        }
    }

    private mutating func parseValue() throws(ServiceError) -> String {
        guard token.kind == .value else { throw syntaxFault() }
        let name = string(token)
        advance()
        return name
    }

    private mutating func parseSet() throws(ServiceError) -> UpdateClauseSyntax {
        let path = try parsePath()
        try expectSymbol("=")
        return .set(path, try parseSetValue())
    }

    private mutating func parseSetValue() throws(ServiceError) -> UpdateValueSyntax {
        guard isSymbol("(") else { return try parseSum(of: try parseOperand()) }
        // `(a + b)`, or a first operand in parentheses: `(a) + b`.
        let value = try parenthesized { (parser) throws(ServiceError) in try parser.parseSetValue() }
        guard case .operand(let operand) = value else { return value }
        return try parseSum(of: operand)
    }

    private mutating func parseSum(of left: OperandSyntax) throws(ServiceError) -> UpdateValueSyntax {
        if takeSymbol("+") {
            try countOperator()
            return .plus(left, try parseParenthesizedOperand())
        }
        if takeSymbol("-") {
            try countOperator()
            return .minus(left, try parseParenthesizedOperand())
        }
        return .operand(left)
    }
}

extension ExpressionParser {
    /// `path ( "," path )*`
    mutating func parseProjection() throws(ServiceError) -> [PathSyntax] {
        var paths = [try parsePath()]
        while takeSymbol(",") { paths.append(try parsePath()) }
        guard token.kind == .end else { throw syntaxFault() }
        for path in paths { try path.checkReserved(in: kind) }
        return paths
    }
}
