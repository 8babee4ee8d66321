/// A message that breaks HTTP/1.1's grammar or our limits, with the status that says so.
public struct HTTP1Fault: Error, Equatable {
    /// What a server answers: 400, 413, 414, 431, 501 or 505.
    public let status: Int
    public let reason: String

    static func malformed(_ reason: String) -> HTTP1Fault { HTTP1Fault(status: 400, reason: reason) }

    static let startLineTooLong = HTTP1Fault(status: 414, reason: "start line too long")
    static let fieldsTooLarge = HTTP1Fault(status: 431, reason: "header fields too large")
    static let bodyTooLarge = HTTP1Fault(status: 413, reason: "body too large")
    static let unknownCoding = HTTP1Fault(status: 501, reason: "unknown transfer coding")
    static let unknownMethod = HTTP1Fault(status: 501, reason: "method not implemented")
    static let unknownVersion = HTTP1Fault(status: 505, reason: "HTTP version not supported")
    static let bareLineFeed = malformed("line feed without carriage return")
    static let controlCharacter = malformed("control character in a line")
}
