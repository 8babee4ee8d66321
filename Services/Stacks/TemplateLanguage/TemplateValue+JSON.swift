import JSON

/// The form values have in the storage and in inputs of operations: JSON, numbers as they were written.
extension TemplateValue: MemberValue, JSONWritable {
    /// What stands for a value that only shows once a resource exists.
    public static let unknownText = "{{changeSet:KNOWN_AFTER_APPLY}}"

    public init(json value: JSONValue) throws { self.init(value) }

    /// The text that stands for `unknown` is read as that.
    public init(_ value: JSONValue) { self.init(value, knowsUnknown: true) }

    /// - Parameter knowsUnknown: whether the text that stands for `unknown` is read as that: not in templates.
    init(_ value: JSONValue, knowsUnknown: Bool) {
        self =
            switch value.kind {
            case .null: .null
            case .bool: .bool(value.bool ?? false)
            case .number: .number(value.numberText ?? "0")
            case .string where knowsUnknown && value.string == Self.unknownText: .unknown
            case .string: .string(value.string ?? "")
            case .array: .list(value.elements.map { TemplateValue($0, knowsUnknown: knowsUnknown) })
            case .object:
                .map(
                    TemplateMap(
                        value.members.map {
                            TemplateMap.Entry($0.name, TemplateValue($0.value, knowsUnknown: knowsUnknown))
                        }))
            }
    }

    /// The value as one JSON text.
    public var jsonText: String {
        var json = JSONWriter()
        writeValue(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    public func writeValue(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .bool(let flag): json.bool(flag)
        // What others than the parser made need not be a number of JSON.
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
        self.init(members: value)
    }

    /// The members of an object, none of any other value.
    public init(members value: JSONValue) { self.init(value.members.map { Entry($0.name, TemplateValue($0.value)) }) }

    public func writeValue(to json: inout JSONWriter) {
        json.object { json in
            for entry in entries { json.member(entry.name, entry.value) }
        }
    }
}
