import CZeroMQ
import Synchronization

/// What happens to a socket's connections.
final class SocketMonitor {
    private static let serial = Atomic<UInt64>(0)
    private static let observed =
        ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED
        | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH

    let events: Socket
    private let reader = MessageReader(parts: 2)

    init(_ socket: Socket, in context: Context) {
        let serial = Self.serial.add(1, ordering: .relaxed).newValue
        let name = "inproc://apus-monitor-\(serial)"
        let result = zmq_socket_monitor(socket.raw, name, Self.observed)
        precondition(result == 0, "a socket cannot be monitored: \(zeroMQReason())")
        events = Socket(ZMQ_PAIR, in: context)
        // Without a limit: libzmq's I/O thread would wait for us at the limit.
        events.set(ZMQ_RCVHWM, Int32(0))
        guard zmq_connect(events.raw, name) == 0 else { fatalError("no monitor: \(zeroMQReason())") }
    }

    /// Must come before the socket is closed.
    static func stop(_ socket: Socket) { zmq_socket_monitor(socket.raw, nil, 0) }

    func next() -> ConnectionEvent? {
        while reader.receive(from: events) == .complete {
            let bytes = reader[0]
            guard bytes.count == 6 else { continue }
            let kind = Int32(bytes.loadUnaligned(fromByteOffset: 0, as: UInt16.self))
            let value = bytes.loadUnaligned(fromByteOffset: 2, as: Int32.self)
            switch kind {
            case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return .ready
            case ZMQ_EVENT_DISCONNECTED: return .lost(value)
            case ZMQ_EVENT_CLOSED: return .attemptFailed
            default: return .refused
            }
        }
        return nil
    }
}
