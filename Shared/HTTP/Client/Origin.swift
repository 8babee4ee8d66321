import HTTPTypes

/// Where requests go: scheme, host and port, or a Unix socket. Connections are pooled by it.
public struct Origin: Sendable, Hashable, CustomStringConvertible {
    public enum Scheme: String, Sendable, Hashable {
        case http, https
    }

    enum Location: Hashable, Sendable {
        case host(String, port: Int)
        case unix(path: String)
    }

    public let scheme: Scheme
    let location: Location

    /// - Parameters:
    ///   - host: a name or an address; IPv6 with or without brackets.
    ///   - port: the scheme's own where `nil`.
    public init(scheme: Scheme = .http, host: String, port: Int? = nil) {
        self.scheme = scheme
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        location = .host(bare.asciiLowercased, port: port ?? Self.defaultPort(scheme))
    }

    /// A server behind a Unix socket; in the clear.
    public init(unixPath path: String) {
        scheme = .http
        location = .unix(path: path)
    }

    /// The origin of an `http` or `https` URL and the target behind it: `/` and what follows, without the fragment.
    public static func parse(url: String) -> (origin: Origin, target: String)? {
        guard let mark = url.range(ofASCII: "://"),
            let scheme = Scheme(rawValue: String(url[..<mark.lowerBound]).asciiLowercased)
        else { return nil }
        let rest = url[mark.upperBound...].prefix { $0 != "#" }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let (host, port) = splitAuthority(rest[..<end]) else { return nil }
        let target = rest[end...]
        let origin = Origin(scheme: scheme, host: host, port: port)
        return (origin, target.hasPrefix("/") ? String(target) : "/" + target)
    }

    private static func splitAuthority(_ authority: Substring) -> (host: String, port: Int?)? {
        guard !authority.isEmpty, ByteClass.isHost(authority.utf8) else { return nil }
        let afterAddress = authority.lastIndex(of: "]") ?? authority.startIndex
        guard let colon = authority[afterAddress...].lastIndex(of: ":") else { return (String(authority), nil) }
        guard let port = UInt16(authority[authority.index(after: colon)...]) else { return nil }
        return (String(authority[..<colon]), Int(port))
    }

    private static func defaultPort(_ scheme: Scheme) -> Int { scheme == .http ? 80 : 443 }

    /// The name or address, without brackets; `localhost` behind a Unix socket.
    public var host: String {
        switch location {
        case .unix: "localhost"
        case .host(let host, _): host
        }
    }

    /// What stands in `Host`.
    var authority: String {
        switch location {
        case .unix: "localhost"
        case .host(let host, let port):
            (host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host)
                + (port == Self.defaultPort(scheme) ? "" : ":\(port)")
        }
    }

    public var description: String {
        switch location {
        case .host: "\(scheme.rawValue)://\(authority)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

extension String {
    /// The first occurrence of an ASCII text.
    fileprivate func range(ofASCII text: String) -> Range<Index>? {
        let wanted = Array(text.utf8)
        var start = utf8.startIndex
        while let end = utf8.index(start, offsetBy: wanted.count, limitedBy: utf8.endIndex) {
            if utf8[start..<end].elementsEqual(wanted) { return start..<end }
            start = utf8.index(after: start)
        }
        return nil
    }
}
