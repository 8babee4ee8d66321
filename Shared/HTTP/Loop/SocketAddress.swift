import CSystem
import Glibc

/// An address a socket is bound or connected to.
struct SocketAddress: Sendable, Equatable {
    private var storage: sockaddr_storage
    private var length: socklen_t

    static func == (left: SocketAddress, right: SocketAddress) -> Bool {
        left.text == right.text && left.port == right.port && left.family == right.family
    }

    init(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
        storage = sockaddr_storage()
        self.length = min(length, socklen_t(MemoryLayout<sockaddr_storage>.size))
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(self.length)))
        }
    }

    /// An IPv4 or IPv6 address in text.
    init?(numeric host: String, port: Int) {
        guard let port = UInt16(exactly: port) else { return nil }
        var four = sockaddr_in()
        if inet_pton(AF_INET, host, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            self = Self.make(four)
            return
        }
        var six = sockaddr_in6()
        guard inet_pton(AF_INET6, host, &six.sin6_addr) == 1 else { return nil }
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port.bigEndian
        self = Self.make(six)
    }

    /// A Unix socket; `nil` where the path does not fit.
    init?(path: String) {
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        self = Self.make(address)
    }

    private static func make<Address>(_ address: Address) -> SocketAddress {
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                SocketAddress($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    static func isNumeric(_ host: String) -> Bool { SocketAddress(numeric: host, port: 0) != nil }

    /// The address a socket is bound to.
    init(boundTo descriptor: Int32) throws(SocketError) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let failure = Self.withSockaddr(&storage) { getsockname(descriptor, $0, &length) }
        guard failure == 0 else { throw SocketError("getsockname", errno) }
        self.storage = storage
        self.length = length
    }

    static func withSockaddr<Result>(
        _ storage: inout sockaddr_storage, _ use: (UnsafeMutablePointer<sockaddr>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &storage) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, use) }
    }

    func with<Result>(_ use: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { use($0, length) } }
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// 0 for a Unix socket.
    var port: Int {
        withUnsafeBytes(of: storage) { bytes in
            switch family {
            case AF_INET: Int(UInt16(bigEndian: bytes.load(as: sockaddr_in.self).sin_port))
            case AF_INET6: Int(UInt16(bigEndian: bytes.load(as: sockaddr_in6.self).sin6_port))
            default: 0
            }
        }
    }

    /// Whether only this machine reaches it.
    var isLoopback: Bool { text.hasPrefix("127.") || text == "::1" }

    /// `127.0.0.1`, `::1`, or `unix`; an IPv4 address mapped into IPv6 reads as IPv4.
    var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        withUnsafeBytes(of: storage) { bytes in
            if family == AF_INET {
                var address = bytes.load(as: sockaddr_in.self).sin_addr
                inet_ntop(AF_INET, &address, &buffer, socklen_t(buffer.count))
            } else if family == AF_INET6 {
                var address = bytes.load(as: sockaddr_in6.self).sin6_addr
                inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count))
            }
        }
        guard family == AF_INET || family == AF_INET6 else { return "unix" }
        let end = buffer.firstIndex(of: 0) ?? buffer.endIndex
        let text = String(decoding: buffer[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text
    }
}
