import ServiceKit

extension Tag {
    static let limit = 50
}

/// Keys are unique without regard to case.
extension [Tag] {
    /// - Throws: `InvalidInput` for a repeated key, `LimitExceeded` for more than 50.
    func checked() throws -> [Tag] {
        guard Set(map { $0.key.lowercased() }).count == count else { throw ServiceError.duplicateTags }
        guard count <= Tag.limit else { throw ServiceError.quota("TagsPerResource", Tag.limit) }
        return self
    }

    mutating func set(_ tags: [Tag]) throws {
        for tag in try tags.checked() {
            removeAll { $0.key.lowercased() == tag.key.lowercased() }
            append(tag)
        }
        _ = try checked()
    }

    mutating func remove(_ keys: [String]) {
        let keys = Set(keys.map { $0.lowercased() })
        removeAll { keys.contains($0.key.lowercased()) }
    }

    /// The form they are stored in.
    var encoded: String {
        var json = JSONWriter()
        json.value(self)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    init(encoded: [UInt8]) throws { self = try [Tag](json: JSONDocument(encoded).root) }
}
