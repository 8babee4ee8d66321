import Bytes

/// The first lines of a request, as they stood on the wire.
public struct RequestHead: Sendable, Equatable {
    /// An uppercase token: `GET`, `PUT`, …
    public var method: String
    /// Path and query, still percent-encoded: `/bucket/a%20key?uploads`.
    public var target: String
    public var fields: HTTPFields

    public init(method: String, target: String, fields: HTTPFields = HTTPFields()) {
        self.method = method
        self.target = target
        self.fields = fields
    }

    /// The target up to `?`, still percent-encoded.
    public var path: Substring {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return target[...] }
        return target[..<mark]
    }

    /// What follows the first `?`, still percent-encoded; empty without one.
    public var query: Substring {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "" }
        return target[target.utf8.index(after: mark)...]
    }

    /// The query's parameters in order, decoded (`+` is a space); a name without `=` has an empty value.
    public var queryItems: [QueryItem] { QueryItem.parse(query.utf8) }
}

public struct QueryItem: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Reads `a=b&c=d`: a query string or a form body. Invalid escapes stand as they are.
    public static func parse(_ text: some Collection<UInt8>) -> [QueryItem] {
        text.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return QueryItem(name: decode(parts[0]), value: parts.count > 1 ? decode(parts[1]) : "")
        }
    }

    private static func decode(_ text: some Collection<UInt8>) -> String {
        String(decoding: PercentEncoding.decode(text, plusIsSpace: true) ?? Array(text), as: UTF8.self)
    }
}
