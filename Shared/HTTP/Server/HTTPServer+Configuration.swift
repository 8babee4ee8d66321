import HTTPTypes
import Time

extension HTTPServer {
    /// Where a server listens.
    public struct Listener: Sendable {
        enum Address: Sendable {
            case tcp(host: String, port: Int)
            case unix(path: String)
        }

        let address: Address
        let tls: TLSContext?
        let tag: ListenerTag?

        /// - Parameters:
        ///   - host: a numeric address; `0.0.0.0` and `::` are all of them.
        ///   - port: 0 lets the kernel choose; `HTTPServer.port` then says which.
        public static func tcp(
            host: String = "127.0.0.1", port: Int, tls: TLSContext? = nil, tag: ListenerTag? = nil
        ) -> Listener { Listener(address: .tcp(host: host, port: port), tls: tls, tag: tag) }

        /// A Unix socket; a stale one under the same path is replaced.
        public static func unix(path: String, tag: ListenerTag? = nil) -> Listener {
            Listener(address: .unix(path: path), tls: nil, tag: tag)
        }
    }

    /// How long the server waits for its clients.
    public struct TimeOuts: Sendable {
        /// For a request's head, from its first byte.
        public var head: Duration = .seconds(15)
        /// For the next request on a connection that is kept alive.
        public var idle: Duration = .seconds(75)
        /// Between two pieces of a request's body.
        public var bodyStall: Duration = .seconds(30)
        /// Between two pieces of a response a client takes.
        public var writeStall: Duration = .seconds(30)
        /// For the TLS handshake.
        public var handshake: Duration = .seconds(10)

        public init() {}
    }

    public struct Configuration: Sendable {
        public var listeners: [Listener]
        public var limits = HTTPLimits()
        public var timeOuts = TimeOuts()
        /// Connections open at once; further ones wait to be accepted.
        public var maximumConnections = 16_384
        /// Streams a client may have open at once on an HTTP/2 connection.
        public var maximumStreams = 128
        /// Bytes of one WebSocket message, whole.
        public var webSocketMessageBytes = 1 << 20
        public var loops: EventLoopGroup
        /// What to answer to a head that is refused for the size of its fields, by what came before the field that was too
        /// much; `nil` for plain text. Over HTTP/1.1 the connection ends with it.
        public var answerToOversizedHead: (@Sendable (RequestHead) -> HTTPResponse?)?
        /// Called on the connection's thread when a response has been written or given up: be quick.
        public var accessLog: (@Sendable (AccessLogEntry) -> Void)?

        public init(
            listeners: [Listener] = [.tcp(port: 0)], loops: EventLoopGroup = .shared,
            accessLog: (@Sendable (AccessLogEntry) -> Void)? = nil
        ) {
            self.listeners = listeners
            self.loops = loops
            self.accessLog = accessLog
        }
    }
}

/// One request and what became of it.
public struct AccessLogEntry: Sendable {
    public let head: RequestHead
    public let httpVersion: HTTPVersion
    public let remoteAddress: String
    public let listener: ListenerTag?
    /// The answer's status; 0 where the client left before there was one.
    public let status: Int
    /// Body bytes handed to the connection.
    public let bytesSent: Int
    /// From the head's last byte to the body's.
    public let duration: Duration
}
