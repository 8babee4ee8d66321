import CSystem
import Threads

#if canImport(Glibc)
    import Glibc
#endif

/// A host name for which there is no address now.
public struct NameResolutionError: Error {
    public let host: String
    public let reason: String
}

extension BusAddress {
    /// The address itself, or, where its host is a name, one for every address the name resolves to now.
    ///
    /// - Throws: `NameResolutionError`
    public func replicas() async throws -> [BusAddress] { try await NameResolver.resolve([self]) }
}

/// Finds all addresses of a host name.
enum NameResolver {
    static func isName(_ address: BusAddress) -> Bool {
        guard case .tcp(let host, _) = address else { return false }
        return isName(host)
    }

    private static func isName(_ host: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, host, &four) != 1 && inet_pton(AF_INET6, host, &six) != 1
    }

    /// - Throws: `NameResolutionError`
    static func resolve(_ addresses: [BusAddress]) async throws -> [BusAddress] {
        var resolved: [BusAddress] = []
        for address in addresses {
            guard case .tcp(let host, let port) = address, isName(host) else {
                resolved.append(address)
                continue
            }
            resolved += try await lookUp(host).map { .tcp(host: $0, port: port) }
        }
        return resolved
    }

    /// On a thread of its own: `getaddrinfo` may take seconds, and Swift's threads are few.
    private static func lookUp(_ host: String) async throws -> [String] {
        try await withCheckedThrowingContinuation { continuation in
            WorkThread.detach(named: "bus-resolver") {
                continuation.resume(with: Result { try addresses(of: host) })
            }
        }
    }

    private static func addresses(of host: String) throws -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, nil, &hints, &list)
        guard result == 0 else { throw NameResolutionError(host: host, reason: String(cString: gai_strerror(result))) }
        defer { freeaddrinfo(list) }
        var texts: [String] = []
        var next = list
        while let entry = next {
            if let text = numericHost(of: entry.pointee), !texts.contains(text) { texts.append(text) }
            next = entry.pointee.ai_next
        }
        return texts
    }

    private static func numericHost(of entry: addrinfo) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let result = getnameinfo(
            entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard result == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
