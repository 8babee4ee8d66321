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
