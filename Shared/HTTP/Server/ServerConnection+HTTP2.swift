import Bytes
import HTTPTypes

/// HTTP/2 on a connection: one task reads frames, one a stream answers, output leaves as the client takes it.
extension ServerConnection {
    /// Bytes queued on the socket up to which more frames are made.
    private static let outputLimit = 64 * 1024
    private static let skipLimit = 256 * 1024
    /// How often waiting streams are looked at.
    private static let tickMilliseconds: Int64 = 1_000

    /// - Parameter received: what was read to recognise the protocol, the preface included.
    func serveHTTP2(_ received: [UInt8]) async {
        let configuration = core.configuration
        let session = HTTP2Session(
            limits: configuration.limits, maximumStreams: configuration.maximumStreams, at: loop.now)
        http2 = session
        defer {
            session.cancelAll()
            http2 = nil
        }
        var goesOn = received.withUnsafeBytes { session.receive($0) }
        do throws(ConnectionError) {
            while goesOn && !session.isOver && !(isDraining && session.streams.isEmpty) {
                startStreams(session)
                sendOutput()
                goesOn = try await receive(session)
            }
            sendOutput()
            try await channel.flush(downTo: 0, stallMilliseconds: core.waits.writeStall)
            // A client cut off in the middle of its bytes is to read why.
            if !goesOn { await linger() }
        } catch {
            // The client is gone or stalls: its streams end with it.
        }
    }

    /// Reads and takes one piece of input; false where the connection ends.
    private func receive(_ session: HTTP2Session) async throws(ConnectionError) -> Bool {
        let tick = min(Self.tickMilliseconds, core.waits.idle, core.waits.bodyStall)
        var accepted = true
        do throws(ConnectionError) {
            let deadline = loop.now.advanced(byMilliseconds: tick)
            let came = try await channel.fill(until: deadline, "tick") { bytes in
                session.now = loop.now
                accepted = session.receive(bytes)
            }
            lastInput = loop.now
            return came && accepted
        } catch {
            guard case .timedOut = error else { throw error }
            return watchTime(session)
        }
    }

    /// Ends what has waited for the client too long; false where that is the whole connection.
    private func watchTime(_ session: HTTP2Session) -> Bool {
        func passed(_ milliseconds: Int64, since start: LoopTime) -> Bool {
            start != .never && start.advanced(byMilliseconds: milliseconds) <= loop.now
        }
        for stream in session.streams.values {
            if !stream.isReady, passed(core.waits.head, since: stream.began) { return false }
            let limit = stream.reader != nil ? core.waits.bodyStall : core.waits.writeStall
            if passed(limit, since: stream.waitsSince) {
                session.reset(stream)
                stream.close()
            }
        }
        return !(session.streams.isEmpty && passed(core.waits.idle, since: lastInput))
    }

    private func startStreams(_ session: HTTP2Session) {
        for stream in session.takeReady() {
            stream.task = Task(executorPreference: loop) { [id = stream.id] in await self.serve(id) }
        }
    }

    // MARK: Output

    /// Moves frames to the socket; with too much there already, a task waits until there is room.
    func sendOutput() {
        guard let session = http2, !isAwaitingRoom else { return }
        while channel.pendingCount < Self.outputLimit, let bytes = session.nextOutput() {
            channel.queue { $0.append(contentsOf: bytes) }
        }
        channel.flushSoon()
        guard channel.pendingCount >= Self.outputLimit else { return }
        isAwaitingRoom = true
        Task(executorPreference: loop) { await self.awaitRoom() }
    }

    private func awaitRoom() async {
        do throws(ConnectionError) {
            try await channel.flush(downTo: 0, stallMilliseconds: core.waits.writeStall)
            isAwaitingRoom = false
            sendOutput()
        } catch {
            channel.close()
        }
    }

    // MARK: One stream

    private func serve(_ id: Int32) async {
        guard let session = http2, let stream = session.stream(id) else { return }
        let started = core.configuration.accessLog == nil ? nil : ContinuousClock.now
        do throws(HTTP1Fault) {
            let request = try request(on: stream)
            var exchange = Exchange(request.head, HTTPResponse(status: 0))
            defer { log(request, exchange, since: started) }
            exchange = Exchange(request.head, await respond(to: request))
            if !stream.isClosed { await send(&exchange, on: stream, session) }
            await skipBody(of: stream)
        } catch {
            var refusal = Exchange(
                RequestHead(method: "GET", target: "/"), answer(to: error, stream.headers.oversizedHead))
            await send(&refusal, on: stream, session)
        }
        session.finish(stream)
        sendOutput()
        if isDraining, session.streams.isEmpty { await closeAfterFlush() }
    }

    /// Takes what a client still sends of a body nobody wanted, if it is short: after the whole answer a reset is allowed
    /// (RFC 9113 section 8.1), but there are clients that then forget the answer.
    private func skipBody(of stream: HTTP2Stream) async {
        var left = Self.skipLimit
        while left > 0, !stream.isClosed, let chunk = try? await nextChunk(ofStream: stream.id) { left -= chunk.count }
    }

    private func closeAfterFlush() async {
        try? await channel.flush(downTo: 0, stallMilliseconds: core.waits.writeStall)
        channel.close()
    }

    private func respond(to request: HTTPRequest) async -> HTTPResponse {
        let response = await core.handler(request)
        // WebSockets over HTTP/2 (RFC 8441) are not offered, so no client may ask for one here.
        if case .webSocket = response.body { return HTTPResponse(status: 400, text: "WebSockets need HTTP/1.1\n") }
        return response
    }

    private func request(on stream: HTTP2Stream) throws(HTTP1Fault) -> HTTPRequest {
        let head = try stream.headers.requestHead()
        let framing = try HTTP1Framing(head.fields)
        if let length = framing.contentLength, let limit = core.configuration.limits.bodyBytes, length > limit {
            throw .bodyTooLarge
        }
        let isEmpty = stream.inboundEnded && stream.inboundCount == 0
        let body = ByteStream(length: framing.contentLength) { [self, id = stream.id] in
            try await nextChunk(ofStream: id)
        }
        return HTTPRequest(
            head: head, body: isEmpty ? .empty : body, remoteAddress: remoteAddress, tlsVersion: tlsVersion,
            httpVersion: .http2, listener: listener.tag, source: self, ordinal: Int(stream.id))
    }

    private func nextChunk(ofStream id: Int32) async throws -> [UInt8]? {
        guard let session = http2, let stream = session.stream(id) else { throw ConnectionError.over }
        while stream.inboundCount == 0 {
            if stream.inboundEnded { return nil }
            guard !stream.isClosed else { throw ByteStreamError.truncated }
            guard stream.reader == nil else { throw ConnectionError.concurrentReaders }
            stream.waitsSince = loop.now
            await withUnsafeContinuation { waiter in
                // By the time this runs what it waits for may have come.
                if stream.awaitsInput { stream.reader = waiter } else { waiter.resume() }
            }
        }
        let bytes = stream.takeInbound()
        session.consumed(bytes.count, of: stream)
        sendOutput()
        if let limit = core.configuration.limits.bodyBytes, stream.received > limit { throw HTTP1Fault.bodyTooLarge }
        return bytes
    }

    func trailers(ofStream id: Int) -> HTTPFields {
        guard let stream = http2?.stream(Int32(id)), stream.inboundEnded, stream.inboundCount == 0 else {
            return HTTPFields()
        }
        return stream.trailers?.fields ?? HTTPFields()
    }
}
