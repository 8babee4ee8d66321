import ServiceKit
import TemplateLanguage

/// Holds values against a schema, and notes what is wrong in the words of CloudFormation's validator.
///
/// [Its messages](https://github.com/aws-cloudformation/cloudformation-resource-schema): those that would show a value
/// name only the keyword.
struct SchemaCheck {
    let schema: ResourceSchema
    var violations: [String] = []

    init(schema: ResourceSchema) { self.schema = schema }

    mutating func check(_ value: TemplateValue, _ node: SchemaNode, at path: String) {
        if value == .unknown { return }
        if node.reference != nil {
            checkFacts(value, node, at: path)
            return check(value, schema.resolved(node), at: path)
        }
        guard node.kinds.isEmpty || node.kinds.contains(where: { value.fits($0) }) else {
            return noteKind(of: value, node.kinds, at: path)
        }
        checkFacts(value, node, at: path)
    }

    private mutating func checkFacts(_ value: TemplateValue, _ node: SchemaNode, at path: String) {
        switch value {
        case .map(let map): check(map, node, at: path)
        case .list(let items): check(items, node, at: path)
        case .string, .number, .bool: check(text: value.text ?? "", node, at: path)
        case .null, .unknown: break
        }
        check(value, choices: node.anyOf, "#: no subschema matched out of the total", at: path) { $0 > 0 }
        check(value, choices: node.oneOf, "#:", at: path) { $0 == 1 }
    }

    // MARK: Objects

    private mutating func check(_ map: TemplateMap, _ node: SchemaNode, at path: String) {
        for name in node.required where map[name] == nil {
            violations.append("\(path): required key [\(name)] not found")
        }
        for (name, needs) in node.dependencies where map[name] != nil {
            for other in needs where map[other] == nil {
                violations.append("\(path): property [\(other)] is required")
            }
        }
        let known = Dictionary(node.properties.map { ($0.name, $0.node) }, uniquingKeysWith: { $1 })
        for entry in map.entries where known[entry.name] == nil {
            let fitting = node.patternProperties.filter { $0.pattern?.matches(entry.name) ?? true }
            for (_, node) in fitting { check(entry.value, node, at: "\(path)/\(entry.name)") }
            guard fitting.isEmpty else { continue }
            if !node.allowsOthers { violations.append("\(path): extraneous key [\(entry.name)] is not permitted") }
            for other in node.others { check(entry.value, other, at: "\(path)/\(entry.name)") }
        }
        for (name, node) in node.properties {
            if let value = map[name] { check(value, node, at: "\(path)/\(name)") }
        }
    }

    // MARK: Arrays

    private mutating func check(_ items: [TemplateValue], _ node: SchemaNode, at path: String) {
        if let least = node.counts.least, items.count < Int(least) {
            violations.append("\(path): expected minimum item count: \(Int(least)), found: \(items.count)")
        }
        if let most = node.counts.most, items.count > Int(most) {
            violations.append("\(path): expected maximum item count: \(Int(most)), found: \(items.count)")
        }
        if node.isUnique, !items.contains(where: \.isPartlyUnknown), Set(items).count < items.count {
            violations.append("\(path): array items are not unique")
        }
        for (index, item) in items.enumerated() {
            for node in node.items { check(item, node, at: "\(path)/\(index)") }
        }
    }

    // MARK: Scalars

    private mutating func check(text: String, _ node: SchemaNode, at path: String) {
        func fails(_ keyword: String) {
            violations.append("\(path): failed validation constraint for keyword [\(keyword)]")
        }
        if let values = node.values, !values.contains(text) { fails("enum") }
        if node.pattern?.matches(text) == false { fails("pattern") }
        let length = text.unicodeScalars.count
        if let least = node.lengths.least, length < Int(least) {
            violations.append("\(path): expected minLength: \(Int(least)), actual: \(length)")
        }
        if let most = node.lengths.most, length > Int(most) {
            violations.append("\(path): expected maxLength: \(Int(most)), actual: \(length)")
        }
        guard let number = Double(text) else { return }
        if let least = node.range.least, number < least { fails("minimum") }
        if let most = node.range.most, number > most { fails("maximum") }
    }

    // MARK: Choices

    private mutating func check(
        _ value: TemplateValue, choices: [SchemaNode], _ message: String, at path: String, _ isEnough: (Int) -> Bool
    ) {
        guard !choices.isEmpty else { return }
        var causes: [String] = []
        var matching = 0
        for choice in choices {
            var attempt = SchemaCheck(schema: schema)
            attempt.check(value, choice, at: path)
            if attempt.violations.isEmpty { matching += 1 }
            causes += attempt.violations
        }
        guard !isEnough(matching) else { return }
        let count = "\(choices.count) subschemas"
        let text = message == "#:" ? "#: \(matching) subschemas matched instead of one" : "\(message) \(count)"
        violations.append("\(path): \(text)")
        violations += causes
    }

    private mutating func noteKind(of value: TemplateValue, _ kinds: [SchemaNode.Kind], at path: String) {
        if kinds.count > 1 {
            violations.append("\(path): #: no subschema matched out of the total \(kinds.count) subschemas")
        }
        for kind in kinds { violations.append("\(path): expected type: \(kind.title), found: \(value.kindTitle)") }
    }
}

extension TemplateValue {
    /// Whether it is of a kind, or can be taken for it: numbers and booleans may be written as strings, and strings as
    /// either of them.
    func fits(_ kind: SchemaNode.Kind) -> Bool {
        switch (self, kind) {
        case (.map, .object), (.list, .array), (.null, .null), (.bool, .boolean), (.unknown, _): true
        case (.string, .string), (.number, .string), (.bool, .string): true
        case (.number(let text), .number), (.string(let text), .number): Double(text) != nil
        case (.number(let text), .integer), (.string(let text), .integer): TemplateValue.integer(text) != nil
        case (.string(let text), .boolean): ["true", "false"].contains(text.lowercased())
        default: false
        }
    }

    /// A whole number, also where it was written `5.0`.
    static func integer(_ text: String) -> Int64? {
        if let exact = Int64(text) { return exact }
        guard let double = Double(text), double.rounded() == double, abs(double) < 9e15 else { return nil }
        return Int64(double)
    }

    fileprivate var kindTitle: String {
        switch self {
        case .null, .unknown: "Null"
        case .bool: "Boolean"
        case .number(let text): TemplateValue.integer(text) == nil ? "BigDecimal" : "Integer"
        case .string: "String"
        case .list: "JSONArray"
        case .map: "JSONObject"
        }
    }
}
