/// A ring of the doorbell. It may be lost: nothing may depend on it alone.
public struct BusEvent: Sendable {
    public let topic: String
    public let payload: [UInt8]

    public init(topic: String, payload: [UInt8] = []) {
        self.topic = topic
        self.payload = payload
    }
}

/// An event on the wire: `topic · header · payload`. Subscriptions match a message's beginning, hence the order.
enum EventFrames {
    static let parts = 3

    static func send(_ event: BusEvent, over socket: Socket) {
        var topic = event.topic
        let wasTaken = topic.withUTF8 { socket.send(UnsafeRawBufferPointer($0), more: true) }
        guard wasTaken else { return }
        withUnsafeTemporaryAllocation(byteCount: FrameHeader.size, alignment: 8) { header in
            FrameHeader(kind: .event).write(to: header)
            _ = socket.send(UnsafeRawBufferPointer(header), more: true)
        }
        _ = event.payload.withUnsafeBytes { socket.send($0, more: false) }
    }

    /// `nil` for what no publisher of ours sends.
    static func event(_ message: MessageReader) -> BusEvent? {
        guard let topic = String(validating: message[0], as: UTF8.self), let header = FrameHeader(message[1]),
            header.kind == .event
        else { return nil }
        return BusEvent(topic: topic, payload: message.bytes(2))
    }
}
