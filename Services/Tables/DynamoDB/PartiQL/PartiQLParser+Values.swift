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
            return .number(try number(digits))
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
            return .number(try number(symbol + digits))
        case "[":
            advance()
            return .list(try parseElements(until: "]"))
        case "<<":
            advance()
            let elements = try parseElements(until: ">>")
            guard !elements.isEmpty else { throw .validation("Empty bags are not supported") }
            return try AttributeValue.set(of: elements)
        case "{":
            advance()
            return .map(try parseTuple())
        default: return nil
        }
    }

    /// - Throws: for a number that AWS cannot read, and for one out of range, of which it tells where it stands.
    private func number(_ digits: String) throws(ServiceError) -> DynamoDBNumber {
        guard Self.hasReadableScale(digits) else { throw .malformedStatement("") }
        do { return try DynamoDBNumber(digits) } catch {
            throw .validation("\(error.message) under root\(place.dropFirst(outerSteps).joined())")
        }
    }

    /// Neither the exponent nor what it leaves of the digits behind the point takes more than 32 bits.
    private static func hasReadableScale(_ digits: String) -> Bool {
        let parts = digits.lowercased().split(separator: "e", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return true }
        guard let exponent = Int32(parts[1]) else { return false }
        let point = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let places = point.count == 2 ? point[1].utf8.count : 0
        return Int32(exactly: places - Int(exponent)) != nil
    }

    private mutating func parseElements(until end: String) throws(ServiceError) -> [AttributeValue] {
        guard !takeSymbol(end) else { return [] }
        let elements = try nested { (parser) throws(ServiceError) in
            var count = 0
            return try parser.parseList { (parser) throws(ServiceError) in
                count += 1
                return try parser.parse(at: "[\(count - 1)]") { (parser) throws(ServiceError) in try parser.parseValue()
                }
            }
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

    /// Reads what stands at a place within a value, which is told of a number that is out of range.
    private mutating func parse<Result>(
        at step: String, _ parse: (inout PartiQLParser) throws(ServiceError) -> Result
    ) throws(ServiceError) -> Result {
        place.append(step)
        let result = try parse(&self)
        place.removeLast()
        return result
    }

    private mutating func parseEntry() throws(ServiceError) -> AttributeMap.Entry {
        let name: String
        switch token {
        case .string(let text), .quoted(let text), .word(let text): name = text
        default: throw unexpected()
        }
        advance()
        try expectSymbol(":")
        let value = try parse(at: ".\(name)") { (parser) throws(ServiceError) in try parser.parseValue() }
        return AttributeMap.Entry(name: Text(name), value: value)
    }
}
