import Glibc
import HTTPTypes

/// HTTP/1.1 responses, RFC 9112, as a client reads them: bytes in, events out, however the bytes were cut.
struct HTTP1ResponseParser {
    enum Event: Equatable {
        /// An interim response (1xx): another head follows.
        case interim(ResponseHead)
        /// `keepsAlive` is whether the connection can be used again after the body; `length` is the body's where declared.
        case head(ResponseHead, length: Int?, keepsAlive: Bool)
        case body([UInt8])
        case end(trailers: HTTPFields)
    }

    private enum State {
        case statusLine
        case fields(status: Int, isHTTP11: Bool)
        case body
        case ended
        case failed(HTTP1Fault)
    }

    private let limits: HTTPLimits
    private var input = InputBuffer()
    private var state = State.statusLine
    private var lines = HTTP1Lines()
    private var block: HTTP1FieldBlock
    private var body: HTTP1BodyReader?
    private var answersHEAD = false

    init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
        block = HTTP1FieldBlock(limits, acceptsLatin1: true)
    }

    /// Expects the response to a request; the one before must have ended.
    mutating func expect(responseTo method: String) {
        answersHEAD = method == "HEAD"
        state = .statusLine
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) { input.append(bytes) }
    mutating func append(_ bytes: some Collection<UInt8>) { input.append(bytes) }

    /// Bytes nobody asked for: the connection must not be used again.
    var hasUnread: Bool { !input.isEmpty }

    mutating func takeRest() -> [UInt8] { input.take(upTo: .max) }

    /// The next event, or `nil` where more bytes are needed or the response has ended.
    mutating func next() throws(HTTP1Fault) -> Event? {
        do throws(HTTP1Fault) {
            while true {
                switch state {
                case .statusLine: guard try readStatusLine() else { return nil }
                case .fields(let status, let isHTTP11):
                    guard try readFields() else { return nil }
                    return try finishHead(status, isHTTP11)
                case .body: return try readBody()
                case .ended: return nil
                case .failed(let fault): throw fault
                }
            }
        } catch {
            state = .failed(error)
            throw error
        }
    }

    /// What the end of the connection means; `nil` where it cut the response off.
    mutating func connectionEnded() -> Event? {
        guard case .body = state, case .end(let trailers) = body?.connectionEnded() else { return nil }
        state = .ended
        return .end(trailers: trailers)
    }

    private mutating func readStatusLine() throws(HTTP1Fault) -> Bool {
        let found = try input.withUnread { bytes throws(HTTP1Fault) -> (status: Int, isHTTP11: Bool, length: Int)? in
            guard
                let line = try lines.next(
                    in: bytes, from: 0, limit: limits.startLineBytes, tooLong: .startLineTooLong)
            else { return nil }
            let (status, isHTTP11) = try Self.statusLine(line)
            return (status, isHTTP11, line.count + 2)
        }
        guard let found else { return false }
        input.consume(found.length)
        state = .fields(status: found.status, isHTTP11: found.isHTTP11)
        return true
    }

    /// `HTTP/1.x SP 3DIGIT [SP reason]`.
    private static func statusLine(_ line: UnsafeBufferPointer<UInt8>) throws(HTTP1Fault) -> (Int, Bool) {
        let prefix: StaticString = "HTTP/1."
        guard line.count >= 12, let base = line.baseAddress, memcmp(base, prefix.utf8Start, 7) == 0,
            line[7] == 0x30 || line[7] == 0x31, line[8] == 0x20,
            line[9...11].allSatisfy({ (0x30...0x39).contains($0) }), line.count == 12 || line[12] == 0x20
        else { throw .malformed("invalid status line") }
        let status = line[9...11].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard (100...599).contains(status) else { throw .malformed("invalid status") }
        return (status, line[7] == 0x31)
    }

    private mutating func readFields() throws(HTTP1Fault) -> Bool {
        let (ended, length) = try input.withUnread { bytes throws(HTTP1Fault) -> (Bool, Int) in
            var offset = 0
            let ended = try block.read(bytes, from: &offset)
            return (ended, offset)
        }
        input.consume(length)
        return ended
    }

    private mutating func finishHead(_ status: Int, _ isHTTP11: Bool) throws(HTTP1Fault) -> Event {
        let head = ResponseHead(status: status, fields: block.fields)
        block = HTTP1FieldBlock(limits, acceptsLatin1: true)
        if (100...199).contains(status), status != 101 {
            state = .statusLine
            return .interim(head)
        }
        let framing = try HTTP1Framing(head.fields)
        guard isHTTP11 || !framing.isChunked else { throw .malformed("Transfer-Encoding in HTTP/1.0") }
        let delimiter = delimiter(status, framing)
        body = try HTTP1BodyReader(delimiter, limits: limits, acceptsLatin1: true)
        state = .body
        let persists = isHTTP11 ? !framing.connectionCloses : framing.connectionKeepsAlive
        var length: Int?
        if case .length(let count) = delimiter { length = count }
        return .head(head, length: length, keepsAlive: persists && delimiter != .untilClose && status != 101)
    }

    private func delimiter(_ status: Int, _ framing: HTTP1Framing) -> HTTP1Framing.Body {
        if answersHEAD || status == 101 || status == 204 || status == 304 { return .length(0) }
        if framing.isChunked { return .chunked }
        return framing.contentLength.map { .length($0) } ?? .untilClose
    }

    private mutating func readBody() throws(HTTP1Fault) -> Event? {
        switch try body?.next(&input) {
        case nil: return nil
        case .bytes(let bytes): return .body(bytes)
        case .end(let trailers):
            state = .ended
            body = nil
            return .end(trailers: trailers)
        }
    }
}
