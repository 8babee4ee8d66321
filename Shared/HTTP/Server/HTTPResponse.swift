import Bytes
import HTTPTypes

/// What a handler answers. The server adds `Date`, `Connection` and the body's framing, nothing else.
public struct HTTPResponse: Sendable {
    public enum Body: Sendable {
        case empty
        /// Sent with `Content-Length`.
        case bytes([UInt8])
        /// Pulled while the client takes it; with `Content-Length` where its length is known, in chunks otherwise.
        case stream(ByteStream)
        /// Accepts a WebSocket (RFC 6455): the head's fields go with the 101, and the socket lives as long as the closure.
        case webSocket(@Sendable (WebSocket) async -> Void)
    }

    public var head: ResponseHead
    public var body: Body
    /// Fields to send behind a body that is streamed without a length; asked for when it has ended.
    public var trailers: (@Sendable () async -> HTTPFields)?

    public init(head: ResponseHead, body: Body = .empty, trailers: (@Sendable () async -> HTTPFields)? = nil) {
        self.head = head
        self.body = body
        self.trailers = trailers
    }

    public init(status: Int, fields: HTTPFields = HTTPFields(), body: Body = .empty) {
        self.init(head: ResponseHead(status: status, fields: fields), body: body)
    }

    /// A body of bytes.
    public init(status: Int, fields: HTTPFields = HTTPFields(), bytes: [UInt8]) {
        self.init(status: status, fields: fields, body: .bytes(bytes))
    }

    /// Plain text, for health checks and refusals.
    public init(status: Int, text: String) {
        self.init(status: status, fields: ["Content-Type": "text/plain; charset=utf-8"], bytes: Array(text.utf8))
    }

    /// A WebSocket, with the subprotocol chosen among those the client offered.
    public init(subprotocol: String? = nil, webSocket: @escaping @Sendable (WebSocket) async -> Void) {
        var fields = HTTPFields()
        if let subprotocol { fields.append("Sec-WebSocket-Protocol", subprotocol) }
        self.init(status: 101, fields: fields, body: .webSocket(webSocket))
    }
}
