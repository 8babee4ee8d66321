import AWSModel
import ServiceKit

/// What a schema says of one value.
struct SchemaNode: Sendable {
    enum Kind: String, Sendable {
        case object, array, string, integer, number, boolean, null

        /// As CloudFormation calls it in messages.
        var title: String {
            switch self {
            case .object: "JSONObject"
            case .array: "JSONArray"
            case .string: "String"
            case .integer: "Integer"
            case .number: "Number"
            case .boolean: "Boolean"
            case .null: "Null"
            }
        }
    }

    /// A name under `definitions`.
    let reference: String?
    /// None where any kind is fine.
    let kinds: [Kind]
    let required: [String]
    let properties: [(name: String, node: SchemaNode)]
    let patternProperties: [(pattern: Pattern?, node: SchemaNode)]
    let allowsOthers: Bool
    let others: [SchemaNode]
    let items: [SchemaNode]
    let dependencies: [(name: String, needs: [String])]
    /// Texts of scalars; `nil` where any is fine.
    let values: Set<String>?
    let pattern: Pattern?
    let lengths, counts: Bounds
    let range: Bounds
    let isUnique: Bool
    /// Whether the order of an array's items says something.
    let isOrdered: Bool
    let anyOf, oneOf: [SchemaNode]

    struct Bounds: Sendable {
        let least, most: Double?
    }

    init(_ json: JSONValue) {
        func texts(_ name: String) -> [String] { json[name]?.elements.compactMap(\.string) ?? [] }
        func bounds(_ least: String, _ most: String) -> Bounds {
            Bounds(least: json[least]?.double, most: json[most]?.double)
        }
        reference = json["$ref"]?.string.flatMap { $0.split(separator: "/").last.map(String.init) }
        kinds = (json["type"]?.string.map { [$0] } ?? texts("type")).compactMap(Kind.init)
        required = texts("required")
        properties = json["properties"]?.members.map { ($0.name, SchemaNode($0.value)) } ?? []
        patternProperties =
            json["patternProperties"]?.members.map { (Self.pattern($0.name), SchemaNode($0.value)) } ?? []
        allowsOthers = json["additionalProperties"]?.bool ?? true
        others = json["additionalProperties"].map { $0.kind == .object ? [SchemaNode($0)] : [] } ?? []
        items = json["items"].map { [SchemaNode($0)] } ?? []
        dependencies =
            json["dependencies"]?.members.map { ($0.name, $0.value.elements.compactMap(\.string)) } ?? []
        values = (json["enum"] ?? json["const"]).map { Self.values($0) }
        pattern = json["pattern"]?.string.flatMap(Self.pattern)
        lengths = bounds("minLength", "maxLength")
        counts = bounds("minItems", "maxItems")
        range = bounds("minimum", "maximum")
        isUnique = json["uniqueItems"]?.bool ?? false
        isOrdered = json["insertionOrder"]?.bool ?? true
        anyOf = json["anyOf"]?.elements.map(SchemaNode.init) ?? []
        oneOf = json["oneOf"]?.elements.map(SchemaNode.init) ?? []
    }

    private static func values(_ json: JSONValue) -> Set<String> {
        let values = json.kind == .array ? Array(json.elements) : [json]
        return Set(values.compactMap { $0.string ?? $0.numberText ?? $0.bool.map { "\($0)" } })
    }

    /// Schemas look for a pattern anywhere in a text. What `Pattern` does not know the syntax of is not checked.
    private static func pattern(_ text: String) -> Pattern? { Pattern(#"^[\s\S]*(?:"# + text + ")") }
}
