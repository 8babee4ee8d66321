import CZeroMQ

/// Decides which keys may connect: the answering side of ZeroMQ's authentication protocol (RFC 27, ZAP).
final class AllowList {
    /// The name under which a context's connections ask, one per context.
    private static let endpoint = "inproc://zeromq.zap.01"
    /// version · request id · domain · address · identity · mechanism · key
    private static let requestParts = 7

    let socket: Socket
    private let keys: Set<[UInt8]>
    private let reader = MessageReader(parts: AllowList.requestParts)

    init(_ keys: some Sequence<BusKey>, in context: Context) {
        self.keys = Set(keys.map(\.bytes))
        socket = Socket(ZMQ_REP, in: context)
        guard zmq_bind(socket.raw, Self.endpoint) == 0 else { fatalError("no ZAP endpoint: \(zeroMQReason())") }
    }

    /// Answers everyone who asks now.
    func answer() {
        while true {
            switch reader.receive(from: socket) {
            case .nothing: return
            case .malformed: reply(to: [], isAllowed: false)
            case .complete:
                let isCurve = reader.bytes(5) == Array("CURVE".utf8)
                reply(to: reader.bytes(1), isAllowed: isCurve && keys.contains(reader.bytes(6)))
            }
        }
    }

    private func reply(to request: [UInt8], isAllowed: Bool) {
        let status = isAllowed ? "200" : "400"
        let text = isAllowed ? "OK" : "unknown key"
        let parts = [Array("1.0".utf8), request, Array(status.utf8), Array(text.utf8), [], []]
        for (index, part) in parts.enumerated() {
            _ = part.withUnsafeBytes { socket.send($0, more: index < parts.count - 1) }
        }
    }
}

extension BusKey {
    /// The key's 32 bytes. `z85` was checked when the key was made.
    var bytes: [UInt8] {
        var decoded = [UInt8](repeating: 0, count: 32)
        _ = zmq_z85_decode(&decoded, z85)
        return decoded
    }
}
