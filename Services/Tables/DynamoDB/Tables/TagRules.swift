import ServiceKit

/// AWS's rules for the tags of a table.
enum TagRules {
    private static let limit = 50

    /// - Throws: for a key given twice, and for more than 50 tags.
    static func merge(_ tags: [Tag], into old: [String: String]) throws(ServiceError) -> [String: String] {
        var merged = old
        var seen: Set<String> = []
        for tag in tags {
            guard seen.insert(tag.key).inserted else {
                throw .validation("Duplicate tag key: \(tag.key)")
            }
            guard !tag.key.lowercased().hasPrefix("aws:") else {
                throw .validation("One or more tag keys begin with the reserved prefix aws:")
            }
            for text in [tag.key, tag.value] where !text.unicodeScalars.allSatisfy(isAllowed) {
                throw .validation("The tag \(tag.key) contains characters that are not allowed")
            }
            try CacheTag.check(tag)
            merged[tag.key] = tag.value
        }
        guard merged.count <= limit else {
            throw .validation("The number of tags exceeds the limit of \(limit) for a table")
        }
        return merged
    }

    /// Letters, digits and spaces of all scripts, and `+-=._:/@`.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.isAlphabetic || properties.numericType != nil || properties.isWhitespace
            || "+-=._:/@".unicodeScalars.contains(scalar)
    }
}
