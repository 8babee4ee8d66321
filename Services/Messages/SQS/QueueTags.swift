import ServiceKit

/// The rules for tags: at most 50, keys up to 128 and values up to 256 characters.
enum QueueTags {
    static let limit = 50

    static func check(_ tags: [String: String], on queue: String) throws {
        try checkCount(tags.count, on: queue)
        for (key, value) in tags {
            guard (1...128).contains(key.unicodeScalars.count), value.unicodeScalars.count <= 256 else {
                throw ServiceError.invalidParameter(
                    "Tag", key,
                    because: "Tag keys must be between 1 and 128 characters "
                        + "in length and tag values must be between 0 and 256 characters in length.")
            }
            guard !key.lowercased().hasPrefix("aws:") else {
                throw ServiceError.invalidParameter("Tag keys must not start with 'aws:'.")
            }
        }
    }

    static func checkCount(_ count: Int, on queue: String) throws {
        guard count <= limit else {
            throw ServiceError.invalidParameter("Too many tags added for queue \(queue).")
        }
    }
}
