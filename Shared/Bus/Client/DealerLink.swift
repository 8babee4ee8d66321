import CZeroMQ
import Time

/// A connection by libzmq, which connects again by itself, and probes.
final class DealerLink: ReplicaLink {
    private let connection: Connection
    private let reader = MessageReader(parts: Frame.parts)
    var mayHaveMessages = true
    var mayHaveEvents = true

    /// - Throws: `BusSetupError`
    init(to address: BusAddress, of owner: String, security: BusSecurity?, limits: BusLimits, isHopeful: Bool) throws {
        connection = try Connection(
            ZMQ_DEALER, to: address, of: owner, security: security, limits: limits, isHopeful: isHopeful)
        try connection.connect()
    }

    var presence: Presence {
        get { connection.presence }
        set { connection.presence = newValue }
    }

    var messageDescriptor: Int32? { connection.socket.descriptor }
    var eventDescriptor: Int32? { connection.monitor.events.descriptor }

    func send(_ frame: Frame) -> Bool {
        // Sending notices arrivals too.
        mayHaveMessages = true
        return connection.socket.send(frame)
    }

    func flush() {}
    var isBlocked: Bool { false }

    func receive() -> Arrival {
        switch reader.receive(from: connection.socket) {
        case .nothing: return .nothing
        case .malformed: return .malformed
        case .complete:
            guard let header = FrameHeader(reader[0]) else { return .malformed }
            return .message(Message(header: header, meta: reader[1], body: reader[2]))
        }
    }

    func nextEvent() -> ConnectionEvent? { connection.monitor.next() }
    func clear() { reader.clear() }
    func expectAnswer() {}
    func probe() -> Bool { false }
    var reconnectsItself: Bool { true }
    var carriesFiles: Bool { false }
    func reconnect(at now: Timestamp) -> Bool { false }
    func disconnect() {}
}
