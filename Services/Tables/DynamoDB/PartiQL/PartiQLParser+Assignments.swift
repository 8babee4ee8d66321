import ServiceKit

/// SET: what a path is given.
extension PartiQLParser {
    /// `path = value`
    mutating func parseAssignment() throws(ServiceError) -> Update.Action {
        let path = try parsePath()
        try expectSymbol("=")
        try countOperator()
        if let action = try parseSetCall(for: path) { return action }
        let left = try parseOperandOfUpdate()
        if takeSymbol("+") { return .set(path, .plus(left, try parseOperandOfUpdate())) }
        if takeSymbol("-") { return .set(path, .minus(left, try parseOperandOfUpdate())) }
        return .set(path, .operand(left))
    }

    /// `set_add(path, <<…>>)` and `set_delete(path, <<…>>)`, which change the very set they are given.
    private mutating func parseSetCall(for path: DocumentPath) throws(ServiceError) -> Update.Action? {
        guard case .word(let word) = token, following == .symbol("(") else { return nil }
        let function = word.uppercased()
        guard function == "SET_ADD" || function == "SET_DELETE" else { return nil }
        let place = tokenPlace
        advance()
        advance()
        let firstPlace = tokenPlace
        let arguments = try parseList { (parser) throws(ServiceError) in try parser.parseOperandOfUpdate() }
        try expectSymbol(")")
        guard arguments.count == 2 else {
            throw .validation("\(function) must have exactly two arguments at \(place)")
        }
        guard arguments[0] == .path(path) else {
            throw .validation("The first argument to \(function) must equal the assignment value at \(place)")
        }
        guard case .value(let value) = arguments[1], [.stringSet, .numberSet, .binarySet].contains(value.kind) else {
            throw .validation("The second argument to \(function) must be a value with type SET at \(firstPlace)")
        }
        return function == "SET_ADD" ? .add(path, value) : .delete(path, value)
    }

    /// `value | path | list_append(operand, operand)`
    private mutating func parseOperandOfUpdate() throws(ServiceError) -> Update.Operand {
        if let value = try parseValueIfPresent() { return .value(value) }
        guard case .word(let word) = token, following == .symbol("(") else { return .path(try parsePath()) }
        guard word.lowercased() == "list_append" else {
            throw unrecognizedFunction(word)
        }
        advance()
        advance()
        let arguments = try nested { (parser) throws(ServiceError) in
            try parser.parseList { (parser) throws(ServiceError) in try parser.parseOperandOfUpdate() }
        }
        try expectSymbol(")")
        guard arguments.count == 2 else {
            throw .malformedStatement(
                "Incorrect number of arguments for function list_append: \(arguments.count)")
        }
        return .listAppend(arguments[0], arguments[1])
    }
}
