import ServiceKit

/// One record of Ion text, `$ion_1_0 {Item:{pk:"text"}}`, and how its types become DynamoDB's.
///
/// [Import formats](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Format.html)
struct IonRecord {
    private var scanner: IonScanner

    private init(_ record: [UInt8]) { scanner = IonScanner(record) }

    /// - Throws: `MalformedSource` for what is no item, or holds what DynamoDB has no type for.
    static func item(_ record: [UInt8]) throws(MalformedSource) -> AttributeMap {
        var reader = IonRecord(record)
        try reader.passPrologue()
        let members = try reader.structure(depth: -1)
        guard reader.scanner.isAtEnd else { throw MalformedSource(reason: "A record goes on behind its struct.") }
        guard case .map(let item)? = members["Item"] else { throw MalformedSource(reason: "A record has no Item.") }
        return item
    }

    /// Passes over version markers and the list around records, whose order the framing has seen to.
    private mutating func passPrologue() throws(MalformedSource) {
        while !scanner.take(UInt8(ascii: "{")) {
            let start = scanner.index
            try scanner.passSpace()
            _ = scanner.take(IonFraming.versionMarker)
            if Array("[],".utf8).contains(scanner.next) { _ = scanner.pop() }
            guard scanner.index > start else { throw MalformedSource(reason: "A record is not an Ion struct.") }
        }
    }

    // MARK: Values

    /// One value; `depth` counts the lists and maps around it, within the item.
    private mutating func value(depth: Int) throws(MalformedSource) -> AttributeValue {
        guard depth < ItemLimits.nesting else {
            throw MalformedSource(reason: ServiceError.nestedTooDeeply.message)
        }
        switch scanner.next {
        case UInt8(ascii: "{"): return try structOrBlob(depth: depth)
        case UInt8(ascii: "["): return .list(try list(depth: depth))
        case UInt8(ascii: "\""):
            _ = scanner.pop()
            return .string(try scanner.text(until: UInt8(ascii: "\"")))
        case UInt8(ascii: "'"):
            if scanner.beginsLongText { return .string(try scanner.longText()) }
            return try annotated(with: try symbol(), depth: depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case let byte where IonScanner.beginsWord(byte): return try keyword(depth: depth)
        default: throw MalformedSource(reason: "A value is missing, or not Ion.")
        }
    }

    private mutating func structOrBlob(depth: Int) throws(MalformedSource) -> AttributeValue {
        _ = scanner.pop()
        if scanner.take(UInt8(ascii: "{")) { return .binary(try scanner.blob()) }
        return .map(try structure(depth: depth + 1))
    }

    private mutating func keyword(depth: Int) throws(MalformedSource) -> AttributeValue {
        let word = String(decoding: scanner.word(), as: UTF8.self)
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null":
            // Of whatever type: DynamoDB has one null.
            if scanner.take(UInt8(ascii: ".")) {
                guard Self.types.contains(String(decoding: scanner.word(), as: UTF8.self)) else {
                    throw MalformedSource(reason: "A null has a type that Ion does not.")
                }
            }
            return .null
        default: return try annotated(with: Text(word), depth: depth)
        }
    }

    private static let types: Set<String> = [
        "null", "bool", "int", "float", "decimal", "timestamp", "string", "symbol", "blob", "clob", "struct", "list",
        "sexp",
    ]

    // MARK: Containers

    /// What follows the opening brace of a struct.
    ///
    /// - Parameter depth: of its members.
    private mutating func structure(depth: Int) throws(MalformedSource) -> AttributeMap {
        var entries: [AttributeMap.Entry] = []
        try scanner.passSpace()
        while !scanner.take(UInt8(ascii: "}")) {
            let name = try fieldName()
            try scanner.passSpace()
            guard scanner.take(UInt8(ascii: ":")) else { throw MalformedSource(reason: "A name has no value.") }
            try scanner.passSpace()
            entries.append(AttributeMap.Entry(name: name, value: try value(depth: depth)))
            try passComma(before: UInt8(ascii: "}"))
        }
        return AttributeMap(unsorted: entries)
    }

    private mutating func list(depth: Int) throws(MalformedSource) -> [AttributeValue] {
        var list: [AttributeValue] = []
        _ = scanner.pop()
        try scanner.passSpace()
        while !scanner.take(UInt8(ascii: "]")) {
            list.append(try value(depth: depth + 1))
            try passComma(before: UInt8(ascii: "]"))
        }
        return list
    }

    /// There may be a comma behind the last element too.
    private mutating func passComma(before end: UInt8) throws(MalformedSource) {
        try scanner.passSpace()
        guard scanner.take(UInt8(ascii: ",")) || scanner.next == end else {
            throw MalformedSource(reason: "Two values have no comma between them.")
        }
        try scanner.passSpace()
    }

    private mutating func fieldName() throws(MalformedSource) -> Text {
        switch scanner.next {
        case UInt8(ascii: "\""):
            _ = scanner.pop()
            return try scanner.text(until: UInt8(ascii: "\""))
        case UInt8(ascii: "'"): return try scanner.beginsLongText ? scanner.longText() : symbol()
        default:
            let word = scanner.word()
            guard let first = word.first, IonScanner.beginsWord(first), !Self.isReserved(word) else {
                throw MalformedSource(reason: "A name is missing, or must be quoted.")
            }
            return Text(String(decoding: word, as: UTF8.self))
        }
    }

    /// A symbol behind its first quote.
    private mutating func symbol() throws(MalformedSource) -> Text {
        _ = scanner.pop()
        return try scanner.text(until: UInt8(ascii: "'"))
    }

    /// Words that are no symbols unless they are quoted: keywords, and numbers of symbols such as `$10`.
    static func isReserved(_ word: ArraySlice<UInt8>) -> Bool {
        if word.first == UInt8(ascii: "$") { return word.count > 1 && word.dropFirst().allSatisfy(IonScanner.isDigit) }
        return ["null", "true", "false", "nan"].contains(String(decoding: word, as: UTF8.self))
    }

    // MARK: Sets

    private mutating func annotated(with name: Text, depth: Int) throws(MalformedSource) -> AttributeValue {
        try scanner.passSpace()
        guard scanner.take(Array("::".utf8)) else {
            throw MalformedSource(reason: "A symbol has no type in DynamoDB; strings stand in double quotes.")
        }
        guard let kind = IonSet(rawValue: name.string) else {
            throw MalformedSource(reason: "DynamoDB knows no annotation '\(name)'.")
        }
        try scanner.passSpace()
        guard scanner.next == UInt8(ascii: "[") else {
            throw MalformedSource(reason: "The annotation \(name) does not stand before a list.")
        }
        return try kind.set(of: try list(depth: depth))
    }

    // MARK: Numbers

    /// A decimal or an integer, digit by digit. A float is another number than its digits say, and a timestamp is none.
    private mutating func number() throws(MalformedSource) -> DynamoDBNumber {
        let token = scanner.numberToken()
        guard let text = IonDecimal.plain(token) else {
            throw MalformedSource(
                reason: "A value is no Ion decimal: \(String(decoding: token.prefix(60), as: UTF8.self))")
        }
        do {
            return try text.withUnsafeBufferPointer { (text) throws(ServiceError) in try DynamoDBNumber(text) }
        } catch {
            throw MalformedSource(reason: error.message)
        }
    }
}
