import ServiceKit

/// What part of a bucket's keys is asked for.
struct ListingQuery: Sendable {
    let prefix: String
    /// Keys are rolled up into common prefixes at its first occurrence behind `prefix`; empty for no roll-up.
    let delimiter: String
    /// Only keys behind this one; a common prefix stands for all keys that begin with it.
    let after: String
    let limit: Int

    init(prefix: String?, delimiter: String?, after: String?, limit: Int?) throws {
        self.prefix = prefix ?? ""
        self.delimiter = delimiter ?? ""
        self.after = after ?? ""
        if let limit, limit < 0 {
            throw ServiceError.invalidArgument(
                "Argument max-keys must be an integer between 0 and 2147483647", "max-keys", "\(limit)")
        }
        self.limit = min(limit ?? Limits.pageSize, Limits.pageSize)
    }

    /// The common prefix that a key is rolled up into, if any.
    func commonPrefix(of key: String) -> String? {
        guard !delimiter.isEmpty else { return nil }
        let bytes = Array(key.utf8)
        let separator = Array(delimiter.utf8)
        var start = prefix.utf8.count
        while start + separator.count <= bytes.count {
            if bytes[start..<start + separator.count].elementsEqual(separator) {
                return String(decoding: bytes[..<(start + separator.count)], as: UTF8.self)
            }
            start += 1
        }
        return nil
    }
}

/// A page of a listing: objects and common prefixes, each ascending by bytes.
struct Listing<Item: Sendable>: Sendable {
    var items: [Item] = []
    var prefixes: [String] = []
    /// The last key or common prefix of the page, where there is more.
    var next: String?

    var count: Int { items.count + prefixes.count }

    func mapItems<Other>(_ transform: (Item) throws -> Other) rethrows -> Listing<Other> {
        Listing<Other>(items: try items.map(transform), prefixes: prefixes, next: next)
    }
}

/// How names are written where the caller asked for `EncodingType=url`, because XML cannot carry every character.
struct ListingEncoding: Sendable {
    let isURL: Bool

    init(_ name: String?) throws {
        guard name == nil || name == "url" else {
            throw ServiceError.invalidArgument(
                "Invalid Encoding Method specified in Request", "encoding-type", name ?? "")
        }
        isURL = name == "url"
    }

    func callAsFunction(_ name: String) -> String {
        isURL ? PercentEncoding.string(name, keepingSlash: true) : name
    }

    func callAsFunction(_ name: String?) -> String? { name.map { self($0) } }
}
