/// Where an endpoint listens: `ipc:///run/apus/tables.sock` or `tcp://10.0.0.7:7001`.
public enum BusAddress: Sendable, Hashable, CustomStringConvertible {
    case ipc(path: String)
    case tcp(host: String, port: UInt16)

    /// The longest path Linux accepts for a Unix socket.
    static let longestPath = 107

    /// - Throws: `BusSetupError.malformedAddress`
    public static func parse(_ text: String) throws -> BusAddress {
        if text.hasPrefix("ipc://") {
            let path = String(text.dropFirst("ipc://".count))
            guard path.hasPrefix("/"), path.utf8.count <= longestPath, !path.utf8.contains(0) else {
                throw BusSetupError.malformedAddress(text)
            }
            return .ipc(path: path)
        }
        guard text.hasPrefix("tcp://"), let address = parseHostAndPort(text.dropFirst("tcp://".count)) else {
            throw BusSetupError.malformedAddress(text)
        }
        return address
    }

    private static func parseHostAndPort(_ text: Substring) -> BusAddress? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let port = text[text.index(after: colon)...]
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !port.isEmpty,
            port.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = UInt16(port)
        else { return nil }
        return .tcp(host: String(host), port: number)
    }

    public var description: String {
        switch self {
        case .ipc(let path): "ipc://\(path)"
        case .tcp(let host, let port): host.contains(":") ? "tcp://[\(host)]:\(port)" : "tcp://\(host):\(port)"
        }
    }

    /// Whether bytes sent to this address stay on this machine.
    public var isLocal: Bool {
        switch self {
        case .ipc: true
        case .tcp(let host, _): host == "localhost" || host == "::1" || Self.isLoopback(host)
        }
    }

    /// 127.0.0.0/8 in dotted form; a name that merely begins with `127.` is not.
    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
