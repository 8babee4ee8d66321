import HTTPTypes

/// The four forms of a request target, RFC 9112 section 3.2, brought to the one a handler sees.
enum RequestTarget {
    /// `/path?query` as it is, `http://host/path` taken apart (its host replaces `Host`), `*` for OPTIONS only.
    static func normalize(_ head: RequestHead) throws(HTTP1Fault) -> RequestHead {
        guard head.method != "CONNECT" else { throw .unknownMethod }
        if head.target.utf8.first == UInt8(ascii: "/") { return head }
        if head.target == "*", head.method == "OPTIONS" { return head }
        return try takeApart(head)
    }

    private static func takeApart(_ head: RequestHead) throws(HTTP1Fault) -> RequestHead {
        let target = head.target
        guard let colon = target.utf8.firstIndex(of: UInt8(ascii: ":")),
            ["http", "https"].contains(String(target[..<colon]).asciiLowercased),
            target[colon...].hasPrefix("://")
        else { throw .malformed("invalid request target") }
        let rest = target[target.index(colon, offsetBy: 3)...]
        let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.isEmpty, ByteClass.isHost(authority.utf8) else { throw .malformed("invalid request target") }
        var head = head
        head.fields["Host"] = String(authority)
        head.target = rest[end...].hasPrefix("/") ? String(rest[end...]) : "/" + String(rest[end...])
        return head
    }
}
