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

    /// Lends a name as it is written.
    func with<Result>(
        _ name: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        guard isURL, !PercentEncoding.isUnreserved(name, orSlash: true) else { return try body(name) }
        return try PercentEncoding.encode(name, keepingSlash: true).withUnsafeBufferPointer(body)
    }

    func callAsFunction(_ name: String?) -> String? { name.map { self($0) } }
}
