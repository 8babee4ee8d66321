import Bytes
import HTTPTypes

/// HTTP/1.1 on a connection: calling the handler and writing what it answers.
extension ServerConnection {
    /// Serves one request; true where the connection can take another.
    func answer(_ request: HTTP1Request) async throws -> Bool {
        let started = core.configuration.accessLog == nil ? nil : ContinuousClock.now
        let incoming = begin(request)
        watchForDeparture()
        let response = await core.handler(incoming)
        stopWatching()
        if case .webSocket(let run) = response.body {
            try await upgrade(request, incoming, response.head, run)
            return false
        }
        var exchange = Exchange(request, response, closes: !request.keepsAlive || isDraining || closes(response))
        defer { log(incoming, exchange, since: started) }
        if !bodyHasEnded && !restIsWorthReading(request) { exchange.closes = true }
        queueHead(&exchange)
        if exchange.sendsBody { try await sendBody(&exchange) }
        return try await finish(exchange)
    }

    /// Leaves the connection ready for the next request, where there can be one.
    private func finish(_ exchange: Exchange) async throws -> Bool {
        if !exchange.closes && bodyHasEnded {
            try await settle()
            return true
        }
        try await channel.flush(downTo: 0, stallMilliseconds: core.waits.writeStall)
        if !exchange.closes, await skipBody() { return true }
        if !bodyHasEnded { await linger() }
        return false
    }

    /// Responses a client does not take yet hold back its next request.
    private func settle() async throws(ConnectionError) {
        channel.flushSoon()
        guard channel.pendingCount > Self.unsentLimit else { return }
        try await channel.flush(downTo: 0, stallMilliseconds: core.waits.writeStall)
    }

    private static let unsentLimit = 64 * 1024

    private func closes(_ response: HTTPResponse) -> Bool {
        response.head.fields["Connection"]?.equalsIgnoringCase("close") ?? false
    }

    private func queueHead(_ exchange: inout Exchange) {
        let date = loop.date.bytes()
        do {
            try channel.queue { try exchange.writeHead(date: date, to: &$0) }
        } catch {
            // The handler's fields would break out of their lines: nothing of them leaves.
            exchange.fail()
            channel.queue(Array("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8))
        }
    }

    private func sendBody(_ exchange: inout Exchange) async throws {
        switch exchange.response.body {
        case .bytes(let bytes):
            channel.queue(bytes)
            exchange.bytesSent = bytes.count
        case .stream(let stream): try await send(stream, &exchange)
        case .empty, .webSocket: break
        }
    }

    private func send(_ stream: ByteStream, _ exchange: inout Exchange) async throws {
        channel.flushSoon()
        while let chunk = try await stream.next() {
            exchange.bytesSent += chunk.count
            if let length = exchange.declaredLength, exchange.bytesSent > length { throw ConnectionError.closed }
            queue(chunk, inChunks: exchange.framing == .chunked)
            try await channel.flush(downTo: 0, stallMilliseconds: core.waits.writeStall)
        }
        // Too few bytes: only the end of the connection can tell the client.
        if let length = exchange.declaredLength, exchange.bytesSent < length { throw ConnectionError.closed }
        guard exchange.framing == .chunked else { return }
        let trailers = await exchange.response.trailers?() ?? HTTPFields()
        try channel.queue { try HTTP1Writer.lastChunk(trailers, to: &$0) }
    }

    private func queue(_ chunk: [UInt8], inChunks: Bool) {
        guard inChunks else { return channel.queue(chunk) }
        guard !chunk.isEmpty else { return }
        channel.queue(HTTP1Writer.chunkSize(chunk.count))
        channel.queue(chunk)
        channel.queue([0x0d, 0x0a])
    }

    func log(_ request: HTTPRequest, _ exchange: Exchange, since started: ContinuousClock.Instant?) {
        guard let started, let accessLog = core.configuration.accessLog else { return }
        accessLog(
            AccessLogEntry(
                head: request.head, httpVersion: request.httpVersion, remoteAddress: remoteAddress,
                listener: listener.tag, status: exchange.response.head.status, bytesSent: exchange.bytesSent,
                duration: .now - started))
    }
}

/// One request's answer on its way: how it is framed, and how much of it has left.
struct Exchange {
    private(set) var response: HTTPResponse
    private(set) var framing: HTTP1Writer.Framing
    private(set) var sendsBody: Bool
    private let isHTTP10: Bool
    var closes: Bool
    var bytesSent = 0

    init(_ request: HTTP1Request, _ response: HTTPResponse, closes: Bool) {
        self.response = response
        isHTTP10 = request.version == .http1_0
        let status = response.head.status
        let isBodyless = status < 200 || status == 204 || status == 304
        sendsBody = !isBodyless && request.head.method != "HEAD"
        framing = Self.framing(response, isHTTP10: isHTTP10)
        if isBodyless { framing = .none }
        // HEAD and 304 may say how long the body would have been: the handler knows.
        if !sendsBody, status != 204, status >= 200 {
            let declared = response.head.fields["Content-Length"].flatMap { Int($0) }
            if let declared, declared >= 0 { framing = .length(declared) }
            if framing == .chunked || framing == .untilClose { framing = .none }
        }
        self.closes = closes || framing == .untilClose
    }

    private static func framing(_ response: HTTPResponse, isHTTP10: Bool) -> HTTP1Writer.Framing {
        switch response.body {
        case .empty, .webSocket: .length(0)
        case .bytes(let bytes): .length(bytes.count)
        case .stream(let stream):
            if let length = stream.length { .length(length) } else { isHTTP10 ? .untilClose : .chunked }
        }
    }

    /// Becomes an empty 500 that ends the connection.
    mutating func fail() {
        response = HTTPResponse(status: 500)
        sendsBody = false
        closes = true
    }

    var declaredLength: Int? {
        if case .length(let length) = framing { return length }
        return nil
    }

    func writeHead(date: [UInt8], to out: inout [UInt8]) throws(HTTPFieldError) {
        try HTTP1Writer.write(
            response.head, framing, closes: closes, isHTTP10: isHTTP10 && !closes, date: date, to: &out)
    }
}
