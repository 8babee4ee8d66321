import Bytes
import CSystem
import Glibc

/// Connects what functions open to 127.0.0.1:4566 with the gateway, byte by byte.
///
/// A function's network has no way out; this listener is the only door, and it leads to one address.
public final class PortRelay: Sendable {
    /// An IPv4 address and port the relay connects to.
    public struct Destination: Sendable {
        let address: UInt32
        let port: UInt16

        /// `host:port`; a name is looked up now.
        ///
        /// - Returns: `nil` where the text or the name means no IPv4 address.
        public init?(_ text: String) {
            guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
                let address = Self.lookUp(String(text[..<colon]))
            else { return nil }
            (self.address, self.port) = (address, port)
        }

        private static func lookUp(_ host: String) -> UInt32? {
            var hints = addrinfo()
            hints.ai_family = AF_INET
            var found: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(host, nil, &hints, &found) == 0, let address = found?.pointee.ai_addr else { return nil }
            defer { freeaddrinfo(found) }
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr.s_addr }
        }
    }

    private let listener: OwnedDescriptor
    private let destination: Destination
    private let watch: DescriptorWatcher.Watch

    /// Relays until the object goes; connections under way go on until either side ends them.
    public init(_ listener: OwnedDescriptor, to destination: Destination) throws(SandboxError) {
        self.listener = listener
        self.destination = destination
        watch = try DescriptorWatcher.shared.watch(listener.number, for: EPOLLIN.rawValue) { _, _ in
            Self.accept(listener, destination)
        }
    }

    deinit { DescriptorWatcher.shared.end(watch) }

    private static func accept(_ listener: OwnedDescriptor, _ destination: Destination) {
        let nonBlocking = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        while true {
            let number = accept4(listener.number, nil, nil, nonBlocking)
            guard number >= 0 else { return }
            let inside = OwnedDescriptor(number)
            let outside = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | nonBlocking, 0)
            guard outside >= 0 else { continue }
            RelayedConnection(inside, OwnedDescriptor(outside)).begin(to: destination)
        }
    }
}
