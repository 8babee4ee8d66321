import ServiceKit
import TemplateLanguage

/// The tags of a resource, which its stack's are among.
struct ResourceTags: JSONWritable, Sendable {
    private(set) var values: [String: String] = [:]

    /// - Parameter property: a list of keys and values, or an object.
    init(_ property: TemplateValue?) {
        switch property {
        case .list(let items):
            for item in items.compactMap(\.map) {
                if let key = item.text("Key") { values[key] = item.text("Value") ?? "" }
            }
        case .map(let map):
            for entry in map.entries { values[entry.name] = entry.value.text ?? "" }
        default: break
        }
    }

    private init(_ values: [String: String]) { self.values = values }

    /// `nil` where there are none, as most inputs want no empty list.
    var ifAny: ResourceTags? { values.isEmpty ? nil : self }
    var keys: [String] { values.keys.sorted() }

    /// Writes `[{"Key": …, "Value": …}]`.
    func writeValue(to json: inout JSONWriter) {
        json.value(keys.map { Tag(key: $0, value: values[$0] ?? "") })
    }

    /// What has to be set and what removed for these tags to become the new ones.
    func change(to new: ResourceTags) -> (set: ResourceTags?, removed: [String]?) {
        let set = new.values.filter { values[$0.key] != $0.value }
        let removed = keys.filter { new.values[$0] == nil }
        return (ResourceTags(set).ifAny, removed.isEmpty ? nil : removed)
    }
}

extension TemplateMap {
    var tags: ResourceTags { ResourceTags(self["Tags"]) }

    /// What has to be done to the tags of a resource for its properties to become the new ones.
    func tagChange(to new: TemplateMap) -> (set: ResourceTags?, removed: [String]?) { tags.change(to: new.tags) }
}
