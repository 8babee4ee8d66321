import Bytes
import HTTPTypes

/// A request as a handler sees it: the head whole, the body as it arrives.
public struct HTTPRequest: Sendable {
    public var head: RequestHead
    /// Pulled from the socket chunk by chunk; what is not read holds the client back. It ends with the handler.
    public let body: ByteStream
    /// The peer's address without its port, or `unix`.
    public let remoteAddress: String
    /// `TLSv1.3`, …; empty where it did not come over TLS.
    public let tlsVersion: String
    public let httpVersion: HTTPVersion
    /// The listening socket it came in on, where the caller tagged it.
    public let listener: ListenerTag?
    private let source: (any TrailerSource)?
    private let ordinal: Int

    public init(
        head: RequestHead, body: ByteStream = .empty, remoteAddress: String = "127.0.0.1", tlsVersion: String = "",
        httpVersion: HTTPVersion = .http1_1, listener: ListenerTag? = nil
    ) {
        self.init(
            head: head, body: body, remoteAddress: remoteAddress, tlsVersion: tlsVersion, httpVersion: httpVersion,
            listener: listener, source: nil, ordinal: 0)
    }

    init(
        head: RequestHead, body: ByteStream, remoteAddress: String, tlsVersion: String, httpVersion: HTTPVersion,
        listener: ListenerTag?, source: (any TrailerSource)?, ordinal: Int
    ) {
        self.head = head
        self.body = body
        self.remoteAddress = remoteAddress
        self.tlsVersion = tlsVersion
        self.httpVersion = httpVersion
        self.listener = listener
        self.source = source
        self.ordinal = ordinal
    }

    public var isSecure: Bool { !tlsVersion.isEmpty }

    /// The fields behind the body, once it has been read to its end; empty before.
    public func trailers() async -> HTTPFields { await source?.trailers(ofRequest: ordinal) ?? HTTPFields() }
}

/// Whoever read a request's body and knows what stood behind it.
protocol TrailerSource: Sendable {
    func trailers(ofRequest ordinal: Int) async -> HTTPFields
}

extension ByteStream {
    /// No bytes at all.
    public static let empty = ByteStream(length: 0) { nil }
}
