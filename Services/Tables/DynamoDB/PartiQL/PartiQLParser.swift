import ServiceKit

/// Reads one statement: what all its clauses share, and the statements themselves.
///
/// Every `?` takes the next parameter while reading, so that what comes out is ready to be planned.
struct PartiQLParser {
    /// Brackets, calls and parentheses inside one another.
    private static let depthLimit = 64

    private let statement: String
    private let tokens: [PartiQLToken]
    private let parameters: [AttributeValue]
    private var index = 0
    private var parameterIndex = 0
    private var depth = 0
    private var operators = 0
    /// Where in a literal the parser is: `.name` and `[index]`.
    var place: [String] = []
    /// How many of these are not told: the attribute's name, where the literal is an item.
    private(set) var outerSteps = 0

    static func parse(
        _ statement: String, _ parameters: [AttributeValue] = []
    ) throws(ServiceError) -> PartiQLStatement {
        var parser = PartiQLParser(
            statement: statement, tokens: try PartiQLLexer.tokens(of: statement), parameters: parameters)
        let parsed = try parser.parseStatement()
        _ = parser.takeSymbol(";")
        guard parser.token == .end else { throw .leftoverTokens }
        guard parser.parameterIndex == parameters.count else { throw .parameterCount }
        return parsed
    }

    private init(statement: String, tokens: [PartiQLToken], parameters: [AttributeValue]) {
        self.statement = statement
        self.tokens = tokens
        self.parameters = parameters
    }

    // MARK: Statements

    private mutating func parseStatement() throws(ServiceError) -> PartiQLStatement {
        if takeKeyword("SELECT") { return .select(try parseSelect()) }
        if takeKeyword("INSERT") { return .insert(try parseInsert()) }
        if takeKeyword("UPDATE") { return .update(try parseUpdate()) }
        if takeKeyword("DELETE") { return .delete(try parseDelete()) }
        if takeKeyword("FROM") { return .update(try parseUpdateBehindItsKey()) }
        guard takeKeyword("EXISTS") else { throw unexpected() }
        try expectSymbol("(")
        try expectKeyword("SELECT")
        let select = try parseSelect()
        try expectSymbol(")")
        return .exists(select)
    }

    /// `columns FROM source [WHERE condition] [ORDER BY …]`, behind SELECT.
    private mutating func parseSelect() throws(ServiceError) -> PartiQLStatement.Select {
        var columns: [DocumentPath]?
        if !takeSymbol("*") {
            columns = try parseList { (parser) throws(ServiceError) in
                if case .word = parser.token, parser.following == .symbol("(") {
                    throw .validation("Unexpected path component at \(parser.tokenPlace)")
                }
                return try parser.parsePath()
            }
        }
        try expectKeyword("FROM")
        let table = try parseIdentifier()
        let source = PartiQLStatement.Source(table: table, index: takeSymbol(".") ? try parseIdentifier() : nil)
        try refuseAlias()
        let select = PartiQLStatement.Select(
            columns: columns, source: source, condition: try parseWhere(), order: try parseOrder())
        guard !takeKeyword("LIMIT") else { throw .validation("Unsupported clause: LIMIT at \(tokenPlace)") }
        return select
    }

    private mutating func parseOrder() throws(ServiceError) -> [PartiQLStatement.Order] {
        guard takeKeyword("ORDER") else { return [] }
        try expectKeyword("BY")
        return try parseList { (parser) throws(ServiceError) in
            let attribute = Text(try parser.parseIdentifier())
            let isDescending = parser.takeKeyword("DESC")
            if !isDescending { _ = parser.takeKeyword("ASC") }
            return PartiQLStatement.Order(attribute: attribute, isDescending: isDescending)
        }
    }

    /// `INTO table VALUE {…}`, behind INSERT.
    private mutating func parseInsert() throws(ServiceError) -> PartiQLStatement.Insert {
        try expectKeyword("INTO")
        let table = try parseIdentifier()
        guard takeKeyword("VALUE") else { throw token == .end ? unexpected() : .leftoverTokens }
        outerSteps = 1
        guard case .map(let item) = try parseValue() else {
            throw .malformedStatement("Expected a tuple behind VALUE")
        }
        return PartiQLStatement.Insert(table: table, item: item)
    }

    /// `table { SET … | REMOVE … } WHERE … [RETURNING …]`, behind UPDATE.
    private mutating func parseUpdate() throws(ServiceError) -> PartiQLStatement.Change {
        let table = try parseIdentifier()
        try refuseAlias()
        let update = try parseActions()
        return PartiQLStatement.Change(
            table: table, update: update, condition: try parseWhere(), returning: try parseReturning())
    }

    /// `table WHERE … { SET … | REMOVE … } [RETURNING …]`, behind FROM.
    private mutating func parseUpdateBehindItsKey() throws(ServiceError) -> PartiQLStatement.Change {
        let table = try parseIdentifier()
        try refuseAlias()
        let condition = try parseWhere()
        let update = try parseActions()
        return PartiQLStatement.Change(
            table: table, update: update, condition: condition, returning: try parseReturning())
    }

    private mutating func parseActions() throws(ServiceError) -> Update {
        var actions: [Update.Action] = []
        while true {
            if takeKeyword("SET") {
                actions += try parseList { (parser) throws(ServiceError) in try parser.parseAssignment() }
            } else if takeKeyword("REMOVE") {
                actions += try parseList { (parser) throws(ServiceError) in .remove(try parser.parsePath()) }
            } else {
                break
            }
        }
        guard !actions.isEmpty else { throw unexpected() }
        try PathConflict.check(actions.map(\.path), in: .update)
        return Update(actions: actions)
    }

    /// `FROM table WHERE … [RETURNING ALL OLD *]`, behind DELETE.
    private mutating func parseDelete() throws(ServiceError) -> PartiQLStatement.Change {
        try expectKeyword("FROM")
        let table = try parseIdentifier()
        try refuseAlias()
        let condition = try parseWhere()
        let returning = try parseReturning()
        guard returning == nil || returning == .allOld else {
            throw .validation(
                "Invalid returning clause: RETURNING \(returning?.words ?? "") *. "
                    + "Only RETURNING ALL OLD * is allowed in DELETE statements.")
        }
        return PartiQLStatement.Change(
            table: table, update: Update(actions: []), condition: condition, returning: returning)
    }

    private mutating func parseWhere() throws(ServiceError) -> Condition? {
        takeKeyword("WHERE") ? try parseCondition() : nil
    }

    private mutating func parseReturning() throws(ServiceError) -> PartiQLStatement.Returning? {
        guard takeKeyword("RETURNING") else { return nil }
        let isWhole = takeKeyword("ALL")
        if !isWhole { try expectKeyword("MODIFIED") }
        let isOld = takeKeyword("OLD")
        if !isOld { try expectKeyword("NEW") }
        try expectSymbol("*")
        switch (isWhole, isOld) {
        case (true, true): return .allOld
        case (true, false): return .allNew
        case (false, true): return .modifiedOld
        case (false, false): return .modifiedNew
        }
    }

    // MARK: Names

    /// A name behind a table's.
    private func refuseAlias() throws(ServiceError) {
        switch token {
        case .quoted: throw .validation("Aliasing is not supported")
        case .word(let name) where name.uppercased() == "AS" || !Self.keywords.contains(name.uppercased()):
            throw .validation("Aliasing is not supported")
        default: return
        }
    }

    /// `name` or `"name"`.
    mutating func parseIdentifier() throws(ServiceError) -> String {
        switch token {
        case .quoted(let name) where !name.isEmpty:
            advance()
            return name
        case .word(let name) where !Self.keywords.contains(name.uppercased()):
            advance()
            return name
        case .end: throw .malformedStatement("Expected identifier but the statement ended")
        default: throw .malformedStatement("Expected identifier for simple path: \(token.shown)")
        }
    }

    /// `step ( "." step | "[" integer "]" | "['name']" )*`
    mutating func parsePath() throws(ServiceError) -> DocumentPath {
        let root = Text(try parseIdentifier())
        var steps: [DocumentPath.Step] = []
        while steps.count < ItemLimits.nesting {
            if takeSymbol(".") {
                steps.append(.attribute(Text(try parseIdentifier())))
            } else if takeSymbol("[") {
                steps.append(try parseSubscript())
                try expectSymbol("]")
            } else {
                return DocumentPath(root: root, steps: steps)
            }
        }
        throw .nestedTooDeeply
    }

    private mutating func parseSubscript() throws(ServiceError) -> DocumentPath.Step {
        let step: DocumentPath.Step
        switch token {
        case .string(let name): step = .attribute(Text(name))
        case .number(let digits):
            guard let index = Int32(digits) else {
                throw .malformedStatement("List index is not within the allowable range: [\(digits)]")
            }
            step = .index(Int(index))
        default: throw unexpected()
        }
        advance()
        return step
    }

    /// Words that mean something where a name could stand; as names they want quotes.
    private static let keywords: Set<String> = [
        "SELECT", "FROM", "WHERE", "ORDER", "BY", "INSERT", "INTO", "VALUE", "UPDATE", "SET", "REMOVE", "DELETE",
        "RETURNING", "AND", "OR", "NOT", "IN", "BETWEEN", "IS", "MISSING", "NULL", "TRUE", "FALSE", "EXISTS", "ASC",
        "DESC", "AS", "GROUP", "HAVING", "JOIN", "LIMIT", "OFFSET", "UNION", "VALUES", "ALL", "LIKE",
    ]

    // MARK: Tokens

    var token: PartiQLToken { tokens[index] }
    /// The token behind the current one.
    var following: PartiQLToken { tokens[min(index + 1, tokens.count - 1)] }

    mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
    }

    func isKeyword(_ keyword: String) -> Bool {
        if case .word(let word) = token { word.uppercased() == keyword } else { false }
    }

    mutating func takeKeyword(_ keyword: String) -> Bool {
        guard isKeyword(keyword) else { return false }
        advance()
        return true
    }

    mutating func expectKeyword(_ keyword: String) throws(ServiceError) {
        guard takeKeyword(keyword) else { throw unexpected() }
    }

    mutating func takeSymbol(_ symbol: String) -> Bool {
        guard token == .symbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func expectSymbol(_ symbol: String) throws(ServiceError) {
        guard takeSymbol(symbol) else { throw unexpected() }
    }

    /// The value of the next `?`, which was just passed.
    mutating func nextParameter() throws(ServiceError) -> AttributeValue {
        guard parameterIndex < parameters.count else { throw .parameterCount }
        parameterIndex += 1
        return parameters[parameterIndex - 1]
    }

    /// `line:column:length` of the current token.
    var tokenPlace: String {
        let (line, column) = PartiQLLexer.place(ofToken: index, in: statement)
        return "\(line):\(column):\(token.shown.count)"
    }

    /// Of the function whose name the current token is.
    func unrecognizedFunction(_ name: String) -> ServiceError {
        .validation("Unrecognized function: \(name.lowercased()) at \(tokenPlace)")
    }

    func unexpected() -> ServiceError { .malformedStatement("Unexpected term: \(token.shown)") }

    /// One or more, with commas between them.
    mutating func parseList<Element>(
        _ parse: (inout PartiQLParser) throws(ServiceError) -> Element
    ) throws(ServiceError) -> [Element] {
        var list = [try parse(&self)]
        while takeSymbol(",") { list.append(try parse(&self)) }
        return list
    }

    /// Guards the recursion.
    mutating func nested<Result>(
        _ parse: (inout PartiQLParser) throws(ServiceError) -> Result
    ) throws(ServiceError) -> Result {
        depth += 1
        guard depth <= Self.depthLimit else { throw .malformedStatement("The statement is nested too deeply") }
        let result = try parse(&self)
        depth -= 1
        return result
    }

    mutating func countOperator() throws(ServiceError) {
        operators += 1
        guard operators <= ExpressionLimits.operators else {
            throw .validation("The statement contains too many operators; operator count: \(operators)")
        }
    }
}
