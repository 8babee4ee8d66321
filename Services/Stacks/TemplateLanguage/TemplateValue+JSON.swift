import JSON

/// The form values have in the storage and in inputs of operations: JSON, numbers as they were written.
extension TemplateValue: MemberValue, JSONWritable {
    /// What stands for a value that only shows once a resource exists.
    public static let unknownText = "{{changeSet:KNOWN_AFTER_APPLY}}"

    public init(json value: JSONValue) throws {
        self =
            switch value.kind {
            case .null: .null
            case .bool: .bool(value.bool ?? false)
            case .number: .number(value.numberText ?? "0")
            case .string: .string(value.string ?? "")
            case .array: .list(try value.elements.map { try TemplateValue(json: $0) })
            case .object: .map(try TemplateMap(json: value))
            }
    }

    public func writeValue(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .bool(let flag): json.bool(flag)
        // YAML writes numbers in more ways than JSON has: 010, .5, 1_000.
        case .number(let text): if JSONNumber.isWellFormed(text) { json.raw(text.utf8) } else { json.string(text) }
        case .string(let text): json.string(text)
        case .list(let values): json.value(values)
        case .map(let map): json.value(map)
        case .unknown: json.string(Self.unknownText)
        }
    }
}

extension TemplateMap: MemberValue, JSONWritable {
    public init(json value: JSONValue) throws {
        guard value.kind == .object else { throw MemberError.wrongType(value.kind, expected: .object) }
        self.init(try value.members.map { Entry($0.name, try TemplateValue(json: $0.value)) })
    }

    public func writeValue(to json: inout JSONWriter) {
        json.object { json in
            for entry in entries { json.member(entry.name, entry.value) }
        }
    }
}

/// [RFC 8259, section 6](https://www.rfc-editor.org/rfc/rfc8259#section-6)
private enum JSONNumber {
    static func isWellFormed(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let digits = takeDigits(&rest)
        guard !digits.isEmpty, digits.count == 1 || digits.first != UInt8(ascii: "0") else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard !takeDigits(&rest).isEmpty else { return false }
        }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() }
            guard !takeDigits(&rest).isEmpty else { return false }
        }
        return rest.isEmpty
    }

    private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits
    }
}
