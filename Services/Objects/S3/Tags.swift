import ServiceKit

/// A set of tags, in the order they were given.
struct Tags: Sendable {
    let all: [Tag]

    /// - Throws: `InvalidTag`, `BadRequest` for more than `limit`.
    init(_ tags: [Tag], limit: Int = Limits.tags) throws {
        all = tags
        if tags.count > limit {
            throw ServiceError("BadRequest", "Object tags cannot be greater than \(limit)")
        }
        if Set(tags.map { Array($0.key.utf8) }).count < tags.count {
            throw ServiceError("InvalidTag", "Cannot provide multiple Tags with the same key")
        }
        for tag in tags { try Self.check(tag) }
    }

    private init() { all = [] }

    static let empty = Tags()

    /// A `TagSet`, as stored.
    init(encoded: [UInt8]?) throws {
        guard let encoded else {
            all = []
            return
        }
        all = try [Tag](json: JSONDocument(encoded).root)
    }

    /// The `x-amz-tagging` header: `Key1=Value1&Key2=Value2`.
    init(header: String?) throws {
        let pairs = try (header ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Tag(key: try Self.decoded(parts[0]), value: parts.count > 1 ? try Self.decoded(parts[1]) : "")
        }
        try self.init(pairs)
    }

    /// Condition keys of a request that gives these tags: `s3:RequestObjectTag/…`, `s3:RequestObjectTagKeys`.
    var requestConditions: [String: [String]] {
        if all.isEmpty { return [:] }
        var keys = conditions("s3:RequestObjectTag")
        keys["s3:RequestObjectTagKeys"] = all.map(\.key)
        return keys
    }

    /// Condition keys of a request that gives them to what is no object: `aws:RequestTag/…`, `aws:TagKeys`.
    var resourceConditions: [String: [String]] {
        if all.isEmpty { return [:] }
        var keys = conditions("aws:RequestTag")
        keys["aws:TagKeys"] = all.map(\.key)
        return keys
    }

    /// Condition keys of a request about an object that has these tags: `s3:ExistingObjectTag/…`.
    var existingConditions: [String: [String]] { conditions("s3:ExistingObjectTag") }

    /// What the condition keys of `existingConditions` begin with, in lower case.
    static let existingTagPrefix = "s3:existingobjecttag/"

    /// One for each tag: `aws:ResourceTag/…`.
    func conditions(_ name: String) -> [String: [String]] {
        Dictionary(all.map { ("\(name)/\($0.key)", [$0.value]) }) { first, _ in first }
    }

    /// `nil` for none.
    var encoded: [UInt8]? {
        if all.isEmpty { return nil }
        var json = JSONWriter()
        json.value(all)
        return json.bytes
    }

    private static func decoded(_ text: Substring) throws -> String {
        guard let bytes = PercentEncoding.decode(text.utf8, plusIsSpace: true),
            let string = String(validating: bytes, as: UTF8.self)
        else {
            throw ServiceError.invalidArgument(
                "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag "
                    + "name duplicates.", "x-amz-tagging", String(text))
        }
        return string
    }

    private static func check(_ tag: Tag) throws {
        guard !tag.key.isEmpty, tag.key.unicodeScalars.count <= 128, isAllowed(tag.key) else {
            throw ServiceError("InvalidTag", "The TagKey you have provided is invalid")
        }
        guard tag.value.unicodeScalars.count <= 256, isAllowed(tag.value) else {
            throw ServiceError("InvalidTag", "The TagValue you have provided is invalid")
        }
        if tag.key.hasPrefix("aws:") {
            throw ServiceError("InvalidTag", "System tags cannot be added/updated by requester")
        }
    }

    private static func isAllowed(_ text: String) -> Bool {
        text.allSatisfy { $0.isLetter || $0.isNumber || $0.isWhitespace || "+-=._:/@".contains($0) }
    }
}

extension [Tag] {
    /// Them with others, which replace those of the same keys.
    func replacing(_ added: [Tag]) -> [Tag] { filter { tag in !added.contains { $0.key == tag.key } } + added }
}
