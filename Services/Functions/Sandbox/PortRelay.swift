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

        /// - Returns: `nil` unless `host` is a dotted IPv4 address.
        public init?(host: String, port: UInt16) {
            var parsed = in_addr()
            guard inet_pton(AF_INET, host, &parsed) == 1 else { return nil }
            (address, self.port) = (parsed.s_addr, port)
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
