/// One frame, RFC 6455 section 5.2.
struct WebSocketFrame: Equatable {
    enum Opcode: UInt8 {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10

        var isControl: Bool { rawValue >= 8 }
    }

    var isFinal = true
    var opcode: Opcode
    var payload: [UInt8]

    /// Writes the frame; a client gives a mask.
    func write(mask: UInt32?, to out: inout [UInt8]) {
        out.append((isFinal ? 0x80 : 0) | opcode.rawValue)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch payload.count {
        case ...125: out.append(maskBit | UInt8(payload.count))
        case ...0xffff:
            out.append(maskBit | 126)
            Self.append(UInt64(payload.count), bytes: 2, to: &out)
        default:
            out.append(maskBit | 127)
            Self.append(UInt64(payload.count), bytes: 8, to: &out)
        }
        guard let mask else { return out.append(contentsOf: payload) }
        Self.append(UInt64(mask), bytes: 4, to: &out)
        let start = out.count
        out.append(contentsOf: payload)
        Self.apply(mask, to: &out, from: start)
    }

    private static func append(_ number: UInt64, bytes: Int, to out: inout [UInt8]) {
        for index in (0..<bytes).reversed() { out.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
    }

    /// Masks or unmasks, which is the same: each byte with the mask's in turn.
    static func apply(_ mask: UInt32, to bytes: inout [UInt8], from start: Int = 0) {
        for index in bytes.indices[start...] {
            bytes[index] ^= UInt8(truncatingIfNeeded: mask >> UInt32(24 - 8 * ((index - start) & 3)))
        }
    }
}

/// Why a connection was or is to be closed, RFC 6455 section 7.4.
public struct WebSocketCloseCode: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let normal = WebSocketCloseCode(rawValue: 1000)
    public static let goingAway = WebSocketCloseCode(rawValue: 1001)
    public static let protocolError = WebSocketCloseCode(rawValue: 1002)
    public static let unsupportedData = WebSocketCloseCode(rawValue: 1003)
    /// The peer closed without a code; never sent.
    public static let noCode = WebSocketCloseCode(rawValue: 1005)
    /// The connection ended without a closing frame; never sent.
    public static let abnormal = WebSocketCloseCode(rawValue: 1006)
    public static let invalidData = WebSocketCloseCode(rawValue: 1007)
    public static let policyViolation = WebSocketCloseCode(rawValue: 1008)
    public static let messageTooBig = WebSocketCloseCode(rawValue: 1009)
    public static let internalError = WebSocketCloseCode(rawValue: 1011)

    /// Whether the code may stand in a closing frame.
    var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

/// A peer that breaks RFC 6455 or our limits, with the code that says so.
public struct WebSocketFault: Error, Equatable {
    public let code: WebSocketCloseCode
    public let reason: String

    static func malformed(_ reason: String) -> WebSocketFault { WebSocketFault(code: .protocolError, reason: reason) }
    static let tooBig = WebSocketFault(code: .messageTooBig, reason: "message too big")
    static let notUTF8 = WebSocketFault(code: .invalidData, reason: "text is not UTF-8")
}
