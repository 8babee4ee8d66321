import ServiceKit

/// A tag that a session's principal carries: `aws:PrincipalTag/…`.
struct SessionTag: InputShape {
    static let limit = 50
    static let contextPrefix = "aws:PrincipalTag/"

    let key: String
    let value: String

    init(_ member: Members) throws {
        key = try member("Key")
        value = try member("Value") ?? ""
    }
}

extension [SessionTag] {
    /// - Throws: `ValidationError`
    func check() throws {
        guard count <= SessionTag.limit else {
            throw ServiceError.invalidTag("The number of session tags exceeds \(SessionTag.limit).")
        }
        guard Set(map { $0.key.lowercased() }).count == count else {
            throw ServiceError.invalidTag("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        }
    }

    /// Condition keys of the request that sets them.
    var requestContext: [String: [String]] {
        guard !isEmpty else { return [:] }
        var context = ["aws:TagKeys": map(\.key)]
        for tag in self { context["aws:RequestTag/\(tag.key)"] = [tag.value] }
        return context
    }
}
