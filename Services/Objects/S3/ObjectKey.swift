import ServiceKit

/// Rules about object keys. Keys are compared by their bytes: Swift's `==` takes "é" in two spellings for one.
enum ObjectKey {
    static func check(_ key: String) throws {
        if key.utf8.count > Limits.keyLength { throw ServiceError.keyTooLong }
        if key.isEmpty { throw ServiceError.invalidArgument("Object key must not be empty", "Key", "") }
    }

    static func hasPrefix(_ key: String, _ prefix: String) -> Bool { key.utf8.starts(with: prefix.utf8) }

    static func hasSuffix(_ key: String, _ suffix: String) -> Bool {
        key.utf8.count >= suffix.utf8.count && key.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// Whether the first comes before the second, or is it.
    static func isAscending(_ first: String, _ second: String) -> Bool {
        !second.utf8.lexicographicallyPrecedes(first.utf8)
    }

    static func equal(_ first: String, _ second: String) -> Bool { first.utf8.elementsEqual(second.utf8) }
}
