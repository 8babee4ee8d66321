import ServiceKit

/// A key and a value on a topic.
struct Tag: InputShape, OutputShape, Hashable {
    let key: String
    let value: String

    init(_ member: Members) throws {
        key = try member("Key")
        value = try member("Value")
    }

    init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    func write(to json: inout JSONWriter) {
        json.member("Key", key)
        json.member("Value", value)
    }

    static let limit = 50

    /// - Throws: `InvalidParameterException`, `TagLimitExceededException`
    static func check(_ tags: [Tag]) throws {
        guard Set(tags.map(\.key)).count == tags.count else {
            throw ServiceError.invalidParameter("Duplicated keys are not allowed.")
        }
        guard tags.count <= limit else { throw ServiceError.tooManyTags }
    }
}
