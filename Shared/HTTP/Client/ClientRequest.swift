import Bytes
import HTTPTypes
import Time

/// A request on its way out: head made whole, body, deadline.
struct ClientRequest: Sendable {
    enum Body: Sendable {
        case empty
        case bytes([UInt8])
        case stream(ByteStream)
    }

    let head: RequestHead
    let body: Body
    let framing: HTTP1Writer.Framing
    let deadline: LoopTime
    let timeoutMilliseconds: Int64

    init(_ head: RequestHead, to origin: Origin, body: Body, timeout: Duration) {
        var head = head
        if !head.fields.contains("Host") { head.fields.append("Host", origin.authority) }
        self.head = head
        self.body = body
        framing = Self.framing(head.method, body)
        timeoutMilliseconds = timeout.milliseconds
        deadline = LoopTime.now().advanced(byMilliseconds: timeoutMilliseconds)
    }

    private static func framing(_ method: String, _ body: Body) -> HTTP1Writer.Framing {
        switch body {
        // Servers expect a length from methods that mean a body (RFC 9110 section 8.6).
        case .empty: ["POST", "PUT", "PATCH"].contains(method) ? .length(0) : .none
        case .bytes(let bytes): .length(bytes.count)
        case .stream(let stream): stream.length.map { .length($0) } ?? .chunked
        }
    }

    /// Whether sending it twice does what sending it once does, and it can be sent twice.
    var isReplayable: Bool {
        if case .stream = body { return false }
        return ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(head.method)
    }
}

/// A connection that ended before any byte of a response came.
struct StaleConnection: Error {}
