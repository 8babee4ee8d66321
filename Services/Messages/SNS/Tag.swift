import ServiceKit

/// What a topic is marked with.
extension Tag {
    static let limit = 50

    /// - Throws: `InvalidParameterException`, `TagLimitExceededException`
    static func check(_ tags: [Tag]) throws {
        guard Set(tags.map(\.key)).count == tags.count else {
            throw ServiceError.invalidParameter("Duplicated keys are not allowed.")
        }
        guard tags.count <= limit else { throw ServiceError.tooManyTags }
    }
}
