import ServiceKit

/// What tags a stack can have.
enum StackTags {
    static let limit = 50

    /// - Throws: `ValidationError`
    static func check(_ tags: [Tag]) throws(ServiceError) {
        guard tags.count <= limit else { throw .validation("Stacks can have at most \(limit) tags.") }
        var keys: Set<String> = []
        for tag in tags {
            guard !tag.key.lowercased().hasPrefix("aws:") else {
                throw .validation("Tag keys must not begin with the reserved prefix aws:")
            }
            guard keys.insert(tag.key).inserted else { throw .validation("Duplicate tag keys found: \(tag.key)") }
        }
    }
}
