/// Messages out of frames: fragments put together, control frames told apart, text checked.
struct WebSocketMessages {
    enum Event: Equatable {
        case message(WebSocket.Message)
        case ping([UInt8])
        case pong([UInt8])
        case close(WebSocketCloseCode, reason: String)
    }

    private let maximumBytes: Int
    private var fragments: (opcode: WebSocketFrame.Opcode, bytes: [UInt8])?

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// What a frame completes, if anything.
    mutating func accept(_ frame: WebSocketFrame) throws(WebSocketFault) -> Event? {
        switch frame.opcode {
        case .ping: return .ping(frame.payload)
        case .pong: return .pong(frame.payload)
        case .close: return try Self.close(frame.payload)
        case .text, .binary:
            guard fragments == nil else { throw .malformed("a message inside another") }
            guard !frame.isFinal else { return try Self.message(frame.opcode, frame.payload) }
            fragments = (frame.opcode, frame.payload)
            return nil
        case .continuation: return try append(frame)
        }
    }

    private mutating func append(_ frame: WebSocketFrame) throws(WebSocketFault) -> Event? {
        guard let started = fragments else { throw .malformed("a continuation of nothing") }
        guard started.bytes.count + frame.payload.count <= maximumBytes else { throw .tooBig }
        fragments?.bytes.append(contentsOf: frame.payload)
        guard frame.isFinal, let whole = fragments else { return nil }
        fragments = nil
        return try Self.message(whole.opcode, whole.bytes)
    }

    private static func message(_ opcode: WebSocketFrame.Opcode, _ bytes: [UInt8]) throws(WebSocketFault) -> Event {
        guard opcode == .text else { return .message(.binary(bytes)) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        return .message(.text(text))
    }

    private static func close(_ payload: [UInt8]) throws(WebSocketFault) -> Event {
        guard !payload.isEmpty else { return .close(.noCode, reason: "") }
        guard payload.count >= 2 else { throw .malformed("half a close code") }
        let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.isSendable else { throw .malformed("invalid close code") }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else { throw .notUTF8 }
        return .close(code, reason: reason)
    }
}
