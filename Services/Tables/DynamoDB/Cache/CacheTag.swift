import ServiceKit

/// What the tag `apus:cache` says of a table: how long reads of it are kept in memory.
enum CacheTag: Sendable, Hashable {
    /// As long, items and pages alike.
    case time(Duration)
    /// As long as the parameter group of the DAX cluster of this name says, while there is that cluster.
    case cluster(String)

    static let key = "apus:cache"
    private static let longestSeconds = 86400
    private static let off = "off"

    /// `nil` for a table that is not cached.
    init?(_ tags: [String: String]) {
        guard !tags.isEmpty, let value = tags[Self.key] else { return nil }
        self.init(value)
    }

    private init?(_ value: String) {
        if let time = Self.time(value) {
            self = .time(time)
        } else if value != Self.off, Self.isClusterName(value) {
            self = .cluster(value)
        } else {
            return nil
        }
    }

    /// - Throws: for a value of this tag that means nothing.
    static func check(_ tag: Tag) throws(ServiceError) {
        guard tag.key == key, tag.value != off, CacheTag(tag.value) == nil else { return }
        throw .invalidParameter(
            "The value of the tag \(key) must be a time between 1s and 24h such as 300, 90s, 5m or 1h, the name of a "
                + "DAX cluster, or \(off): \(tag.value)")
    }

    /// `300`, `300s`, `5m`, `1h`. Read with every request to a cached table.
    private static func time(_ text: String) -> Duration? {
        var number = 0
        var bytes = text.utf8.makeIterator()
        var next = bytes.next()
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), number < 1_000_000 {
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
            next = bytes.next()
        }
        switch next {
        case nil, UInt8(ascii: "s"): break
        case UInt8(ascii: "m"): number *= 60
        case UInt8(ascii: "h"): number *= 3600
        default: return nil
        }
        guard bytes.next() == nil, number >= 1, number <= longestSeconds else { return nil }
        return .seconds(number)
    }

    /// DAX's rule, for names in lower case as they are kept.
    private static func isClusterName(_ text: String) -> Bool {
        let hyphen = UInt8(ascii: "-")
        var previous = hyphen
        for (place, byte) in text.utf8.enumerated() {
            let isLetter = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
            let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
            let isSingleHyphen = byte == hyphen && previous != hyphen
            guard isLetter || place > 0 && (isDigit || isSingleHyphen) else { return false }
            previous = byte
        }
        return previous != hyphen && text.utf8.count <= 20
    }
}

extension TableDefinition {
    /// `nil` where it is not cached.
    var cacheTag: CacheTag? { CacheTag(tags) }
}
