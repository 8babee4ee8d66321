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

extension ResourceContext {
    /// How a service takes tags.
    enum TagForm {
        /// `Tags` as a list, `TagKeys`
        case list
        /// `Tags` as an object, `TagKeys`
        case object
        /// `tags` as an object, `tagKeys`
        case lowercased
    }

    /// Makes the tags of a resource those of its new properties.
    ///
    /// - Parameters:
    ///   - member: the member of the inputs that names the resource: `ResourceArn`.
    ///   - suffix: of the operations' names: `TagQueue`, `UntagQueue`.
    func changeTags(
        of id: String, named member: String, from old: TemplateMap, to new: TemplateMap, _ service: String,
        _ form: TagForm = .list, suffix: String = "Resource"
    ) async throws {
        let (set, removed) = old.tagChange(to: new)
        let isLower = form == .lowercased
        if let set {
            try await call(service, "Tag\(suffix)") { json in
                json.member(member, id)
                let name = isLower ? "tags" : "Tags"
                if form == .list { json.member(name, set) } else { json.member(name, set.values) }
            }
        }
        guard let removed else { return }
        // Some services mind tags that are gone already.
        try await call(service, "Untag\(suffix)", ifThere: "TagNotFoundFault") { json in
            json.member(member, id)
            json.member(isLower ? "tagKeys" : "TagKeys", removed)
        }
    }
}
