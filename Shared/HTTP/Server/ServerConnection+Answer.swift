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
            let refusal = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            channel.queue(Array(refusal.utf8))
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
            // Where pieces are at hand and the client takes them as fast, nobody else would have a turn.
            if chunk.count >= Self.unsentLimit { await loop.nextRound() }
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
