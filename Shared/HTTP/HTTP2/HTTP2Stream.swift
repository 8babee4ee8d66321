import Bytes
import HTTPTypes

/// One request and its response on an HTTP/2 connection. Confined to the connection's actor.
final class HTTP2Stream {
    typealias Waiter = UnsafeContinuation<Void, Never>

    let id: Int32
    var headers = HTTP2Headers()
    var trailers: HTTP2Headers?
    let began: LoopTime
    /// The head is whole and its task runs, or ran.
    var isReady = false
    /// The handler has answered, or was never asked.
    var isClosed = false
    var task: Task<Void, Never>?

    // The request's body.
    private(set) var inbound: [[UInt8]] = []
    private(set) var inboundCount = 0
    var received = 0
    var inboundEnded = false
    var reader: Waiter?

    // The response's body.
    var outbound: [UInt8] = []
    var outboundOffset = 0
    var outboundEnded = false
    /// The last byte has become a frame: nothing more is asked of this object.
    var outboundFinished = false
    var outboundTrailers = HTTPFields()
    var writer: Waiter?

    /// Since when somebody waits for the client: it may not take for ever.
    var waitsSince = LoopTime.never

    init(_ id: Int32, at now: LoopTime) {
        self.id = id
        began = now
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        inbound.append(Array(bytes))
        inboundCount += bytes.count
        received += bytes.count
        wakeReader()
    }

    /// Everything that has come and not been read, as one piece; there must be something.
    func takeInbound() -> [UInt8] {
        var taken = inbound[0]
        taken.reserveCapacity(inboundCount)
        for piece in inbound.dropFirst() { taken += piece }
        inbound.removeAll(keepingCapacity: true)
        inboundCount = 0
        return taken
    }

    var hasOutbound: Bool { outboundOffset < outbound.count }

    func wakeReader() {
        guard let waiter = reader else { return }
        reader = nil
        waitsSince = .never
        waiter.resume()
    }

    func wakeWriter() {
        guard let waiter = writer else { return }
        writer = nil
        waitsSince = .never
        waiter.resume()
    }

    /// Ends the stream for its handler: waits end, the task is told.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        wakeReader()
        wakeWriter()
        task?.cancel()
    }
}

/// A header block as it arrives, within our limits.
struct HTTP2Headers {
    private(set) var pseudo: [String: String] = [:]
    private(set) var fields = HTTPFields()
    private var byteCount = 0
    private(set) var fault: HTTP1Fault?

    mutating func append(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, _ limits: HTTPLimits
    ) {
        byteCount += name.count + value.count + 4
        guard fault == nil else { return }
        guard byteCount <= limits.fieldsBytes + limits.startLineBytes, fields.count < limits.fieldCount,
            name.count + value.count <= max(limits.fieldLineBytes, limits.startLineBytes)
        else { return fault = .fieldsTooLarge }
        guard let text = String(validating: value, as: UTF8.self) else {
            return fault = .malformed("header field is not UTF-8")
        }
        let key = String(decoding: name, as: UTF8.self)
        if name.first == UInt8(ascii: ":") {
            pseudo[key] = text
        } else if key == "cookie", let cookies = fields["cookie"] {
            // Clients may cut cookies up for better compression (RFC 9113 section 8.2.3).
            fields["cookie"] = cookies + "; " + text
        } else {
            fields.append(key, text)
        }
    }

    /// The head a handler sees: as if it had come by HTTP/1.1.
    func requestHead() throws(HTTP1Fault) -> RequestHead {
        if let fault { throw fault }
        guard let method = pseudo[":method"], let path = pseudo[":path"] else { throw .unknownMethod }
        guard ByteClass.isTarget(path.utf8) else { throw .malformed("invalid request target") }
        let authority = pseudo[":authority"] ?? fields["host"]
        guard let authority, ByteClass.isHost(authority.utf8) else { throw .malformed("invalid host") }
        let hosts = fields.all("host")
        guard hosts.isEmpty || hosts == [authority] else { throw .malformed("two different hosts") }
        var whole = HTTPFields()
        whole.reserveCapacity(fields.count + 1)
        whole.append("host", authority)
        for field in fields.fields where field.name != "host" { whole.append(field.name, field.value) }
        return try RequestTarget.normalize(RequestHead(method: method, target: path, fields: whole))
    }
}
