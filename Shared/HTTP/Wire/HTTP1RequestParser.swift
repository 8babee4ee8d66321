import Glibc
import HTTPTypes

/// A request's head with what its fields say about framing and connection.
struct HTTP1Request: Equatable {
    var head: RequestHead
    var version: HTTPVersion
    var body: HTTP1Framing.Body
    var expectsContinue: Bool
    /// Whether the client means to send another request on the connection.
    var keepsAlive: Bool
    var upgrades: Bool
}

/// HTTP/1.1 requests, RFC 9112: bytes in, events out, however the bytes were cut. No input or output of its own.
///
/// Strict: everything that two readers could understand differently is refused, and a parser that threw stays failed.
struct HTTP1RequestParser {
    enum Event: Equatable {
        case head(HTTP1Request)
        case body([UInt8])
        case end(trailers: HTTPFields)
    }

    private struct StartLine {
        var method: String
        var target: String
        var version: HTTPVersion
    }

    private enum State {
        case startLine
        case fields(StartLine)
        case body
        case failed(HTTP1Fault)
    }

    private static let longestMethod = 32

    private let limits: HTTPLimits
    private var input = InputBuffer()
    private var state = State.startLine
    private var lines = HTTP1Lines()
    private var block: HTTP1FieldBlock
    private var body: HTTP1BodyReader?
    private var skippedEmptyLine = false
    /// Of a head that was refused for the size of its fields: what came before the field that was too much.
    private(set) var oversizedHead: RequestHead?

    init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
        block = HTTP1FieldBlock(limits, acceptsLatin1: false)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) { input.append(bytes) }
    mutating func append(_ bytes: some Collection<UInt8>) { input.append(bytes) }

    /// Bytes that were received and not yet given out.
    var pendingCount: Int { input.count }
    /// Makes room once for what is about to come.
    mutating func reserve(_ count: Int) { input.reserve(count) }

    /// Whether nothing of a next request has come yet.
    var isBetweenRequests: Bool {
        guard case .startLine = state else { return false }
        return input.isEmpty
    }

    /// Takes what was received behind the last event: the bytes of the protocol a connection is upgraded to.
    mutating func takeRest() -> [UInt8] { input.take(upTo: .max) }

    /// Whether the bytes so far are, or may become, the preface of HTTP/2.
    mutating func matchesPreface(_ preface: [UInt8]) -> Bool? {
        input.withUnread { bytes in
            guard zip(bytes, preface).allSatisfy({ $0 == $1 }) else { return false }
            return bytes.count >= preface.count ? true : nil
        }
    }

    /// The next event, or `nil` where more bytes are needed.
    mutating func next() throws(HTTP1Fault) -> Event? {
        do throws(HTTP1Fault) {
            while true {
                switch state {
                case .startLine: guard try readStartLine() else { return nil }
                case .fields(let line):
                    guard try readFields() else { return nil }
                    return .head(try finishHead(line))
                case .body: return try readBody()
                case .failed(let fault): throw fault
                }
            }
        } catch {
            if error == .fieldsTooLarge, case .fields(let line) = state {
                let head = RequestHead(method: line.method, target: line.target, fields: block.fields)
                oversizedHead = try? RequestTarget.normalize(head)
            }
            state = .failed(error)
            throw error
        }
    }

    // MARK: The request line

    private mutating func readStartLine() throws(HTTP1Fault) -> Bool {
        let found = try input.withUnread { bytes throws(HTTP1Fault) -> (line: StartLine?, length: Int)? in
            guard
                let line = try lines.next(
                    in: bytes, from: 0, limit: limits.startLineBytes, tooLong: .startLineTooLong)
            else { return nil }
            return (line.isEmpty ? nil : try Self.startLine(line), line.count + 2)
        }
        guard let found else { return false }
        input.consume(found.length)
        guard let line = found.line else {
            // One empty line is forgiven: old clients end a body with one more than they declared (RFC 9112 2.2).
            guard !skippedEmptyLine else { throw .malformed("empty request line") }
            skippedEmptyLine = true
            return true
        }
        state = .fields(line)
        return true
    }

    /// `method SP target SP version`, with exactly these two spaces.
    private static func startLine(_ line: UnsafeBufferPointer<UInt8>) throws(HTTP1Fault) -> StartLine {
        guard let first = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20), first < last else {
            throw .malformed("invalid request line")
        }
        let method = UnsafeBufferPointer(rebasing: line[..<first])
        let target = UnsafeBufferPointer(rebasing: line[(first + 1)..<last])
        let version = UnsafeBufferPointer(rebasing: line[(last + 1)...])
        guard ByteClass.isToken(method) else { throw .malformed("invalid method") }
        guard ByteClass.isTarget(target) else { throw .malformed("invalid request target") }
        guard method.count <= longestMethod else { throw .unknownMethod }
        return StartLine(
            method: String(decoding: method, as: UTF8.self), target: String(decoding: target, as: UTF8.self),
            version: try Self.version(version))
    }

    private static func version(_ text: UnsafeBufferPointer<UInt8>) throws(HTTP1Fault) -> HTTPVersion {
        let prefix: StaticString = "HTTP/"
        guard text.count == 8, let base = text.baseAddress, memcmp(base, prefix.utf8Start, 5) == 0,
            text[6] == UInt8(ascii: "."), (0x30...0x39).contains(text[5]), (0x30...0x39).contains(text[7])
        else { throw .malformed("invalid HTTP version") }
        switch (text[5], text[7]) {
        case (0x31, 0x31): return .http1_1
        case (0x31, 0x30): return .http1_0
        default: throw .unknownVersion
        }
    }

    // MARK: The fields

    private mutating func readFields() throws(HTTP1Fault) -> Bool {
        let (ended, length) = try input.withUnread { bytes throws(HTTP1Fault) -> (Bool, Int) in
            var offset = 0
            let ended = try block.read(bytes, from: &offset)
            return (ended, offset)
        }
        input.consume(length)
        return ended
    }

    private mutating func finishHead(_ line: StartLine) throws(HTTP1Fault) -> HTTP1Request {
        let fields = block.fields
        block = HTTP1FieldBlock(limits, acceptsLatin1: false)
        let framing = try HTTP1Framing(fields)
        let isHTTP11 = line.version == .http1_1
        guard isHTTP11 || !framing.isChunked else { throw .malformed("Transfer-Encoding in HTTP/1.0") }
        guard framing.hosts <= 1 else { throw .malformed("more than one Host") }
        guard framing.hosts == 1 || !isHTTP11 else { throw .malformed("no Host") }
        guard ByteClass.isHost(framing.host.utf8) else { throw .malformed("invalid Host") }
        let head = try RequestTarget.normalize(RequestHead(method: line.method, target: line.target, fields: fields))
        let delimiter = framing.isChunked ? HTTP1Framing.Body.chunked : .length(framing.contentLength ?? 0)
        body = try HTTP1BodyReader(delimiter, limits: limits, acceptsLatin1: false)
        state = .body
        return HTTP1Request(
            head: head, version: line.version, body: delimiter, expectsContinue: isHTTP11 && framing.expectsContinue,
            keepsAlive: !framing.connectionCloses && (isHTTP11 || framing.connectionKeepsAlive),
            upgrades: isHTTP11 && framing.connectionUpgrades)
    }

    private mutating func readBody() throws(HTTP1Fault) -> Event? {
        switch try body?.next(&input) {
        case nil: return nil
        case .bytes(let bytes): return .body(bytes)
        case .end(let trailers):
            state = .startLine
            skippedEmptyLine = false
            body = nil
            return .end(trailers: trailers)
        }
    }
}
