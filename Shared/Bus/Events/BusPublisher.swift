import CZeroMQ
import Synchronization

/// Rings topics for whoever subscribed. Never waits; subscribers that are away or slow miss events.
public final class BusPublisher: Sendable {
    /// Events a subscriber may be behind before it misses some.
    private static let backlog: Int32 = 10_000
    private static let longestPayload = 1 << 20

    private struct Bound {
        let socket: Socket
        let allowListThread: AllowListThread?
    }

    /// The addresses bound, with the ports the system chose.
    public let boundAddresses: [BusAddress]
    /// libzmq allows a socket to change threads as long as a lock stands between them.
    private let bound: Mutex<Bound?>

    /// - Throws: `BusSetupError`
    public init(bind addresses: [BusAddress], security: BusSecurity? = nil, limits: BusLimits = BusLimits()) throws {
        // Keys are checked per context, and each secured publisher has its own list.
        let context = security == nil ? Context.shared : Context()
        let thread = security.map { AllowListThread($0.peers.values, in: context) }
        let socket = Socket(ZMQ_PUB, in: context)
        socket.applyTransportOptions(limits)
        socket.set(ZMQ_SNDHWM, Self.backlog)
        do {
            boundAddresses = try socket.bind(addresses, security: security)
        } catch {
            socket.close()
            thread?.stop()
            throw error
        }
        bound = Mutex(Bound(socket: socket, allowListThread: thread))
    }

    deinit { close() }

    /// - Parameter payload: at most 1 MiB; what is longer is cut, for a doorbell carries no data.
    public func publish(_ topic: String, _ payload: [UInt8] = []) {
        let event = BusEvent(topic: topic, payload: Array(payload.prefix(Self.longestPayload)))
        bound.withLock { bound in
            if let bound { EventFrames.send(event, over: bound.socket) }
        }
    }

    public func close() {
        bound.withLock { bound in
            bound?.socket.close()
            bound?.allowListThread?.stop()
            bound = nil
        }
    }
}
