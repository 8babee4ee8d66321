import ServiceKit

/// WHERE: conditions in the order their operators bind.
extension PartiQLParser {
    mutating func parseCondition() throws(ServiceError) -> Condition {
        try nested { (parser) throws(ServiceError) in
            var condition = try parser.parseConjunction()
            while parser.takeKeyword("OR") {
                try parser.countOperator()
                condition = .or(condition, try parser.parseConjunction())
            }
            return condition
        }
    }

    private mutating func parseConjunction() throws(ServiceError) -> Condition {
        var condition = try parseNegation()
        while takeKeyword("AND") {
            try countOperator()
            condition = .and(condition, try parseNegation())
        }
        return condition
    }

    private mutating func parseNegation() throws(ServiceError) -> Condition {
        guard takeKeyword("NOT") else { return try parsePredicate() }
        try countOperator()
        return .not(try nested { (parser) throws(ServiceError) in try parser.parseNegation() })
    }

    private mutating func parsePredicate() throws(ServiceError) -> Condition {
        if takeSymbol("(") {
            let condition = try parseCondition()
            try expectSymbol(")")
            return condition
        }
        if let condition = try parseTestCall() { return try parseTruth(of: condition) }
        return try parseComparison(of: parseOperand())
    }

    /// What a function says may be compared: `attribute_exists(a) = true`.
    private mutating func parseTruth(of condition: Condition) throws(ServiceError) -> Condition {
        guard takeSymbol("=") else { return condition }
        if takeKeyword("TRUE") { return condition }
        try expectKeyword("FALSE")
        return .not(condition)
    }

    private mutating func parseComparison(of operand: Condition.Operand) throws(ServiceError) -> Condition {
        try countOperator()
        if takeKeyword("IS") { return try parseIs(operand) }
        let isNegated = takeKeyword("NOT")
        if takeKeyword("BETWEEN") {
            let lower = try parseOperand()
            try expectKeyword("AND")
            return negated(.between(operand, lower: lower, upper: try parseOperand()), if: isNegated)
        }
        if takeKeyword("IN") { return negated(.membership(operand, try parseMembers()), if: isNegated) }
        guard !isNegated, case .symbol(let symbol) = token,
            let comparator = Comparator(rawValue: symbol == "!=" ? "<>" : symbol)
        else { throw unexpected() }
        advance()
        return .comparison(comparator, operand, try parseOperand())
    }

    /// `[ … ]` or `( … )`.
    private mutating func parseMembers() throws(ServiceError) -> [Condition.Operand] {
        let end = takeSymbol("(") ? ")" : "]"
        if end == "]" {
            // A parameter may be the whole list.
            if takeSymbol("?") {
                guard case .list(let values) = try nextParameter() else {
                    throw .validation("IN expects a list")
                }
                return values.map { .value($0) }
            }
            try expectSymbol("[")
        }
        let members = try parseList { (parser) throws(ServiceError) in try parser.parseOperand() }
        try expectSymbol(end)
        guard members.count < ExpressionLimits.membershipOperands else {
            throw .validation("IN takes up to \(ExpressionLimits.membershipOperands) values")
        }
        return members
    }

    private func negated(_ condition: Condition, if isNegated: Bool) -> Condition {
        isNegated ? .not(condition) : condition
    }

    /// `IS [NOT] MISSING`, `IS [NOT] NULL`, `IS [NOT] STRING`, `IS [NOT] BOOL`.
    private mutating func parseIs(_ operand: Condition.Operand) throws(ServiceError) -> Condition {
        guard let path = operand.path else { throw unexpected() }
        let isNegated = takeKeyword("NOT")
        if takeKeyword("MISSING") { return isNegated ? .exists(path) : .notExists(path) }
        if takeKeyword("STRING") { return negated(.hasType(operand, .string), if: isNegated) }
        if takeKeyword("BOOL") { return negated(.hasType(operand, .bool), if: isNegated) }
        try expectKeyword("NULL")
        return negated(.hasType(operand, .null), if: isNegated)
    }

    /// A function that is a condition by itself.
    private mutating func parseTestCall() throws(ServiceError) -> Condition? {
        guard case .word(let word) = token, following == .symbol("(") else { return nil }
        let function = word.lowercased()
        if function == "attribute_exists" || function == "attribute_not_exists" {
            return try parseExistence(function)
        }
        guard ["begins_with", "contains", "attribute_type", "missing"].contains(function) else { return nil }
        try countOperator()
        advance()
        advance()
        let arguments = try parseList { (parser) throws(ServiceError) in try parser.parseOperand() }
        try expectSymbol(")")
        guard arguments.count == (function == "missing" ? 1 : 2) else {
            throw .malformedStatement("Incorrect number of arguments for function \(function): \(arguments.count)")
        }
        switch function {
        case "begins_with": return .beginsWith(arguments[0], arguments[1])
        case "contains": return .contains(arguments[0], arguments[1])
        case "attribute_type": return try attributeType(arguments)
        default:
            guard let path = arguments[0].path else { throw unexpected() }
            return .notExists(path)
        }
    }

    /// `attribute_exists(path)` and `attribute_not_exists(path)`
    private mutating func parseExistence(_ function: String) throws(ServiceError) -> Condition {
        try countOperator()
        advance()
        advance()
        var arguments: [Condition.Operand] = []
        if !takeSymbol(")") {
            arguments = try parseList { (parser) throws(ServiceError) in try parser.parseOperand() }
            try expectSymbol(")")
        }
        guard arguments.count == 1 else {
            throw .validation(
                "Incorrect number of operands for operator or function; operator or function: \(function), "
                    + "number of operands: \(arguments.count)")
        }
        guard let path = arguments[0].path else {
            throw .validation(
                "Operator or function requires a document path; operator or function: \(function)")
        }
        return function == "attribute_exists" ? .exists(path) : .notExists(path)
    }

    private func attributeType(_ arguments: [Condition.Operand]) throws(ServiceError) -> Condition {
        guard case .string(let name)? = arguments[1].literal,
            let kind = AttributeValue.Kind(rawValue: name.string)
        else {
            throw .validation("Invalid attribute type name found; valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}")
        }
        return .hasType(arguments[0], kind)
    }

    /// `value | path | size(path)`
    private mutating func parseOperand() throws(ServiceError) -> Condition.Operand {
        if let value = try parseValueIfPresent() { return .value(value) }
        if case .word(let word) = token, following == .symbol("(") {
            guard word.lowercased() == "size" else { throw unrecognizedFunction(word) }
            advance()
            advance()
            let operand = Condition.Operand.size(.path(try parsePath()))
            try expectSymbol(")")
            return operand
        }
        return .path(try parsePath())
    }
}
