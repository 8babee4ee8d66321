import ServiceKit

/// A key and a value.
struct Tag: InputShape, OutputShape, Equatable {
    private static let limit = 50

    let key: String
    let value: String

    init(_ member: Members) throws {
        key = try member("TagKey")
        value = try member("TagValue")
    }

    func write(to json: inout JSONWriter) {
        json.member("TagKey", key)
        json.member("TagValue", value)
    }

    /// - Throws: `TagException`, `LimitExceededException`
    static func check(_ tags: [Tag]) throws {
        guard Set(tags.map(\.key)).count == tags.count else { throw ServiceError.tags("Duplicate tag keys") }
        guard !tags.contains(where: { $0.key.lowercased().hasPrefix("aws:") }) else {
            throw ServiceError.tags("aws: prefixed tag key names are not allowed for external use.")
        }
        guard tags.count <= limit else { throw ServiceError.limitExceeded("Too many tags") }
    }

    /// Condition keys of a request that sets tags.
    static func conditions(_ tags: [Tag]) -> [String: [String]] {
        guard !tags.isEmpty else { return [:] }
        var conditions = ["aws:TagKeys": tags.map(\.key)]
        for tag in tags { conditions["aws:RequestTag/\(tag.key)"] = [tag.value] }
        return conditions
    }
}

extension [Tag] {
    /// - Throws: `TagException`, `LimitExceededException`
    mutating func set(_ tags: [Tag]) throws {
        try Tag.check(tags)
        for tag in tags {
            removeAll { $0.key == tag.key }
            append(tag)
        }
        try Tag.check(self)
    }

    /// The form they are stored in.
    var encoded: [UInt8] {
        var json = JSONWriter()
        json.value(self)
        return json.bytes
    }

    init(encoded: [UInt8]) throws { self = try [Tag](json: JSONDocument(encoded).root) }
}
