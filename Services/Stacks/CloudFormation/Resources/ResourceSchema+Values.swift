import ServiceKit
import TemplateLanguage

/// Values as the schema has them, so that `"5"` and `5` are one.
extension ResourceSchema {
    /// Properties with every scalar of the kind that the schema says, as services take them.
    func coerced(_ properties: TemplateMap) -> TemplateMap {
        coerced(.map(properties), root).map ?? properties
    }

    private func coerced(_ value: TemplateValue, _ node: SchemaNode) -> TemplateValue {
        let node = resolved(node)
        let choices = node.oneOf + node.anyOf
        switch value {
        case .map(let map):
            guard !node.properties.isEmpty || !node.others.isEmpty else {
                return choices.first { !resolved($0).properties.isEmpty }.map { coerced(value, $0) } ?? value
            }
            let known = Dictionary(node.properties.map { ($0.name, $0.node) }, uniquingKeysWith: { $1 })
            return .map(
                TemplateMap(
                    map.entries.map { entry in
                        let inner = known[entry.name] ?? node.others.first
                        return .init(entry.name, inner.map { coerced(entry.value, $0) } ?? entry.value)
                    }))
        case .list(let items):
            guard let inner = node.items.first else {
                return choices.first { !resolved($0).items.isEmpty }.map { coerced(value, $0) } ?? value
            }
            return .list(items.map { coerced($0, inner) })
        case .string, .number, .bool: return coerced(scalar: value, to: node.kinds)
        case .null, .unknown: return value
        }
    }

    private func coerced(scalar value: TemplateValue, to kinds: [SchemaNode.Kind]) -> TemplateValue {
        guard let kind = kinds.first(where: { value.fits($0) }), let text = value.text else { return value }
        switch kind {
        case .string: return .string(text)
        case .integer: return TemplateValue.integer(text).map { .number("\($0)") } ?? value
        case .number: return .number(text)
        case .boolean: return .bool(text.lowercased() == "true")
        case .object, .array, .null: return value
        }
    }

    /// The properties with the stack's tags, where the type takes tags and the properties do not say otherwise.
    func adding(_ tags: [Tag], to properties: TemplateMap) -> TemplateMap {
        guard let name = tagProperty, !tags.isEmpty,
            ResourceCatalog.types[typeName]?.properties?.contains(name) ?? true,
            let node = root.properties.first(where: { $0.name == name })?.node
        else { return properties }
        let takesList = resolved(node).kinds.contains(.array)
        let known = properties[name] ?? (takesList ? .list([]) : .map(TemplateMap()))
        var result = properties
        switch known {
        case .list(let items):
            let keys = Set(ResourceTags(known).keys)
            let added = tags.filter { !keys.contains($0.key) }
            result[name] = .list(
                items
                    + added.map {
                        .map(TemplateMap([.init("Key", .string($0.key)), .init("Value", .string($0.value))]))
                    })
        case .map(var map):
            for tag in tags where map[tag.key] == nil { map[tag.key] = .string(tag.value) }
            result[name] = .map(map)
        default: break
        }
        return result
    }

    /// The names of the properties that differ, at their first level.
    func differences(from old: TemplateMap, to new: TemplateMap) -> [String] {
        let names = new.names + old.names.filter { new[$0] == nil }
        return names.filter { comparable(old, $0) != comparable(new, $0) }
    }

    /// A property in the form in which equal ones are equal.
    private func comparable(_ properties: TemplateMap, _ name: String) -> TemplateValue? {
        guard let value = properties[name] else { return nil }
        guard let node = root.properties.first(where: { $0.name == name })?.node else { return value }
        return comparable(coerced(value, node), node)
    }

    private func comparable(_ value: TemplateValue, _ node: SchemaNode) -> TemplateValue {
        let inner = resolved(node)
        switch value {
        case .map(let map):
            let known = Dictionary(inner.properties.map { ($0.name, $0.node) }, uniquingKeysWith: { $1 })
            return .map(
                TemplateMap(
                    map.entries.map { entry in
                        .init(entry.name, known[entry.name].map { comparable(entry.value, $0) } ?? entry.value)
                    }))
        case .list(let items):
            let items = items.map { item in inner.items.first.map { comparable(item, $0) } ?? item }
            guard !(inner.isOrdered && node.isOrdered) else { return .list(items) }
            return .list(items.map { ($0.sortKey, $0) }.sorted { $0.0 < $1.0 }.map(\.1))
        default: return value
        }
    }

    /// Whether a change of the property needs another resource instead: `.always`, `.conditionally` where the new value
    /// is not known yet, `.never`.
    func replacement(for property: String, from old: TemplateMap, to new: TemplateMap) -> Replacement {
        if let ruled = ruledReplacement(for: property, from: old, to: new) { return ruled }
        for path in createOnly + conditionallyCreateOnly where path.first == property {
            let before = comparable(old, property).flatMap { Self.value(at: path.dropFirst(), of: $0) }
            let after = comparable(new, property).flatMap { Self.value(at: path.dropFirst(), of: $0) }
            guard before != after else { continue }
            return after?.isPartlyUnknown == true ? .conditionally : .always
        }
        return .never
    }

    private static func value(at path: ArraySlice<String>, of value: TemplateValue) -> TemplateValue? {
        guard let name = path.first else { return value }
        switch value {
        case .map(let map): return map[name].flatMap { self.value(at: path.dropFirst(), of: $0) }
        case .list(let items) where name == "*":
            return .list(items.map { self.value(at: path.dropFirst(), of: $0) ?? .null })
        case .unknown: return .unknown
        default: return nil
        }
    }
}

extension TemplateValue {
    /// A text that is the same for equal values, to sort by.
    var sortKey: String {
        switch self {
        case .null: "n"
        case .unknown: "u"
        case .bool, .number: "b\(text ?? "")"
        case .string(let text): "s\(text)"
        case .list(let items): "l" + items.map(\.sortKey).joined(separator: "\u{0}")
        case .map(let map):
            "m" + map.names.sorted().map { "\($0)\u{1}\(map[$0]?.sortKey ?? "")" }.joined(separator: "\u{0}")
        }
    }
}

enum Replacement: String, Sendable {
    case always = "Always"
    case conditionally = "Conditionally"
    case never = "Never"
}
