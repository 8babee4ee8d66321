import Bytes
import HTTPTypes
import Time

/// An HTTP/1.1 client: connections kept alive per origin, bodies streamed both ways.
///
/// Nothing is retried, but for one case: a connection kept from before that the server closed ere it sent any byte of a
/// response, where the method is idempotent and the body is at hand to be sent again.
public final class HTTPClient: Sendable {
    public struct Configuration: Sendable {
        /// Connections open to one origin; further requests wait for one of them.
        public var maximumConnectionsPerOrigin = 256
        /// How long an unused connection is kept.
        public var idleTimeOut: Duration = .seconds(50)
        /// For name, connection and TLS handshake together.
        public var connectTimeOut: Duration = .seconds(10)
        /// How long a server may take no byte of a request's body.
        public var writeStall: Duration = .seconds(30)
        public var limits = HTTPLimits(fieldsBytes: 64 * 1024, fieldCount: 256)
        /// Bytes of one WebSocket message, whole.
        public var webSocketMessageBytes = 1 << 20
        /// Whether an address may be connected to, asked once a name was resolved: a name can turn to any address.
        public var admits: @Sendable (_ address: String) -> Bool = { _ in true }
        public var trust: TLSTrust
        public var loops: EventLoopGroup

        public init(trust: TLSTrust = .system, loops: EventLoopGroup = .shared) {
            self.trust = trust
            self.loops = loops
        }
    }

    private let pool: ClientPool
    private let configuration: Configuration

    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        pool = ClientPool(configuration)
    }

    /// Sends a request and returns once the response's head has come; its body streams.
    ///
    /// `Host` and the body's framing are added. A response body that is dropped unread ends its connection.
    /// - Parameters:
    ///   - body: sent while it is pulled, in chunks where its length is not known.
    ///   - timeout: for everything up to the response's head, and again for every wait for more of its body.
    /// - Throws: `RefusedAddress`, `ConnectionError`, `SocketError`, `ResolutionError`, `TLSError`, `HTTP1Fault` for a response that breaks
    ///   the protocol, `HTTPFieldError` for a head that cannot be sent, and what `body` throws.
    public func send(
        _ head: RequestHead, to origin: Origin, body: ByteStream? = nil, timeout: Duration = .seconds(60)
    ) async throws -> (ResponseHead, ByteStream) {
        try await send(head, to: origin, body.map { .stream($0) } ?? .empty, timeout)
    }

    /// Sends a request with a body at hand.
    public func send(
        _ head: RequestHead, to origin: Origin, bytes: [UInt8], timeout: Duration = .seconds(60)
    ) async throws -> (ResponseHead, ByteStream) {
        try await send(head, to: origin, .bytes(bytes), timeout)
    }

    private func send(
        _ head: RequestHead, to origin: Origin, _ body: ClientRequest.Body, _ timeout: Duration
    ) async throws -> (ResponseHead, ByteStream) {
        let request = ClientRequest(head, to: origin, body: body, timeout: timeout)
        while true {
            let (connection, isReused) = try await pool.take(origin, until: request.deadline)
            do {
                return try await connection.exchange(request)
            } catch is StaleConnection where isReused && request.isReplayable {
                // The server closed it while it was idle: the next one is younger, or new.
                continue
            } catch is StaleConnection {
                throw ConnectionError.closed
            }
        }
    }

    /// Opens a WebSocket; the head's method is GET.
    ///
    /// - Throws: `WebSocketRefusal` with the server's answer where it does not accept.
    public func webSocket(
        _ head: RequestHead, to origin: Origin, timeout: Duration = .seconds(30)
    ) async throws -> WebSocket {
        let key = WebSocketHandshake.makeKey()
        var head = head
        head.fields["Connection"] = "Upgrade"
        head.fields["Upgrade"] = "websocket"
        head.fields["Sec-WebSocket-Version"] = "13"
        head.fields["Sec-WebSocket-Key"] = key
        let request = ClientRequest(head, to: origin, body: .empty, timeout: timeout)
        // A connection of its own: it never comes back to the pool.
        let connection = try await pool.open(origin, until: request.deadline)
        return try await connection.upgrade(request, key: key, maximumBytes: configuration.webSocketMessageBytes)
    }

    /// Closes the connections that are not in use.
    public func closeIdleConnections() { pool.closeIdle() }
}

/// No address of a host is one that the client may connect to.
public struct RefusedAddress: Error, CustomStringConvertible {
    public let addresses: [String]
    public var description: String { "requests may not go to \(addresses.joined(separator: ", "))" }
}

/// A server that did not accept a WebSocket, and its answer.
public struct WebSocketRefusal: Error {
    public let head: ResponseHead
}
