import ServiceKit

/// Condition keys about tags.
enum TagContext {
    /// Those of a request that sets tags.
    static func request(_ tags: [Tag]) -> [String: [String]] {
        guard !tags.isEmpty else { return [:] }
        var context = ["aws:TagKeys": tags.map(\.key)]
        for tag in tags { context["aws:RequestTag/\(tag.key)"] = [tag.value] }
        return context
    }

    /// Those of a principal that has tags.
    static func principal(_ tags: [Tag]) -> [String: [String]] {
        Dictionary(tags.map { ("aws:PrincipalTag/\($0.key)", [$0.value]) }, uniquingKeysWith: { $1 })
    }
}
