import ServiceKit

/// Values: literals, tuples, lists, bags and parameters.
extension PartiQLParser {
    /// - Throws: for what is no value.
    mutating func parseValue() throws(ServiceError) -> AttributeValue {
        guard let value = try parseValueIfPresent() else { throw unexpected() }
        return value
    }

    /// `nil`, with nothing taken, where something else than a value stands.
    mutating func parseValueIfPresent() throws(ServiceError) -> AttributeValue? {
        switch token {
        case .string(let text):
            advance()
            return .string(Text(text))
        case .number(let digits):
            advance()
            return .number(try DynamoDBNumber(digits))
        case .symbol(let symbol): return try parseMarkedValue(symbol)
        case .word: return parseNamedValue()
        case .quoted, .end: return nil
        }
    }

    private mutating func parseNamedValue() -> AttributeValue? {
        if takeKeyword("TRUE") { return .bool(true) }
        if takeKeyword("FALSE") { return .bool(false) }
        return takeKeyword("NULL") ? .null : nil
    }

    private mutating func parseMarkedValue(_ symbol: String) throws(ServiceError) -> AttributeValue? {
        switch symbol {
        case "?":
            advance()
            return try nextParameter()
        case "-", "+":
            guard case .number(let digits) = following else { return nil }
            advance()
            advance()
            return .number(try DynamoDBNumber(symbol + digits))
        case "[":
            advance()
            return .list(try parseElements(until: "]"))
        case "<<":
            advance()
            return try AttributeValue.set(of: try parseElements(until: ">>"))
        case "{":
            advance()
            return .map(try parseTuple())
        default: return nil
        }
    }

    private mutating func parseElements(until end: String) throws(ServiceError) -> [AttributeValue] {
        guard !takeSymbol(end) else { return [] }
        let elements = try nested { (parser) throws(ServiceError) in
            try parser.parseList { (parser) throws(ServiceError) in try parser.parseValue() }
        }
        try expectSymbol(end)
        return elements
    }

    /// `'name': value, …}`, behind the brace.
    private mutating func parseTuple() throws(ServiceError) -> AttributeMap {
        guard !takeSymbol("}") else { return AttributeMap() }
        let entries = try nested { (parser) throws(ServiceError) in
            try parser.parseList { (parser) throws(ServiceError) in try parser.parseEntry() }
        }
        try expectSymbol("}")
        guard Set(entries.map(\.name)).count == entries.count else {
            throw .validation("Item has duplicated attribute names")
        }
        return AttributeMap(unsorted: entries)
    }

    private mutating func parseEntry() throws(ServiceError) -> AttributeMap.Entry {
        let name: String
        switch token {
        case .string(let text), .quoted(let text), .word(let text): name = text
        default: throw unexpected()
        }
        advance()
        try expectSymbol(":")
        return AttributeMap.Entry(name: Text(name), value: try parseValue())
    }
}
