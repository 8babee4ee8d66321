import ServiceKit

/// Condition keys of a write that its headers alone decide.
///
/// [Condition keys of S3](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys)
struct WriteConditions: Sendable {
    private static let headers = [
        ("StorageClass", "s3:x-amz-storage-class"), ("IfMatch", "s3:if-match"), ("IfNoneMatch", "s3:if-none-match"),
        ("WebsiteRedirectLocation", "s3:x-amz-website-redirect-location"),
    ]

    /// Those of a part.
    static let ofParts = ["s3:ObjectCreationOperation": ["false"]]

    private(set) var keys: [String: [String]]

    /// - Parameter creates: whether an object is there afterwards; parts alone make none.
    init(_ member: Members, creates: Bool) throws {
        keys = ["s3:ObjectCreationOperation": [creates ? "true" : "false"]]
        for (name, key) in Self.headers {
            if let value: String = try member(name) { keys[key] = [value] }
        }
    }

    /// With what else of the write has keys.
    func keys(with others: [String: [String]]...) -> [String: [String]] {
        others.reduce(into: keys) { all, some in all.merge(some) { first, _ in first } }
    }
}
