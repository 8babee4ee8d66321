import Bytes
import HTTPTypes

/// HTTP/1.1 on a connection: heads, bodies on demand, time-outs.
extension ServerConnection: TrailerSource {
    /// What a request's unread rest may cost to keep the connection.
    private static let drainLimit = 256 * 1024
    /// Of a body that comes faster than it is taken.
    private static let pieceLength = 512 * 1024
    /// How long a refused client may go on sending before the connection is cut.
    private static let lingerMilliseconds: Int64 = 2_000

    func serveHTTP1() async throws(ConnectionError) {
        do {
            if try await speaksHTTP2() { return await serveHTTP2(parser.takeRest()) }
            while let request = try await nextRequest() {
                guard try await answer(request) else { break }
                if isDraining { break }
            }
            try await channel.flush(downTo: 0, stallMilliseconds: core.waits.writeStall)
        } catch let fault as HTTP1Fault {
            try await refuse(fault)
        } catch let error as ConnectionError {
            throw error
        } catch {
            throw .closed
        }
    }

    /// Whether a client in the clear begins with the preface of HTTP/2 (prior knowledge, RFC 9113 section 3.3).
    private func speaksHTTP2() async throws -> Bool {
        while true {
            let matches = parser.isBetweenRequests ? nil : parser.matchesPreface(HTTP2Session.preface)
            if let matches { return matches }
            guard try await fillHead() else { return false }
        }
    }

    // MARK: The head

    /// The next request, or `nil` where the client has no more.
    private func nextRequest() async throws -> HTTP1Request? {
        while true {
            if case .head(let request) = try parser.next() {
                isIdle = false
                return request
            }
            guard try await fillHead() else { return nil }
        }
    }

    private func fillHead() async throws -> Bool {
        isIdle = parser.isBetweenRequests
        if isIdle {
            if isDraining { return false }
            headDeadline = .never
            channel.flushSoon()
            return try await fill(until: loop.now.advanced(byMilliseconds: core.waits.idle), "idle")
        }
        // One deadline for the whole head, however its bytes trickle in.
        if headDeadline == .never { headDeadline = loop.now.advanced(byMilliseconds: core.waits.head) }
        do {
            return try await fill(until: headDeadline, "head")
        } catch ConnectionError.timedOut(let name) where name == "head" {
            throw HTTP1Fault(status: 408, reason: "request head took too long")
        }
    }

    private func fill(until deadline: LoopTime, _ name: String) async throws(ConnectionError) -> Bool {
        try await channel.fill(until: deadline, name) { parser.append($0) }
    }

    // MARK: The body

    func begin(_ request: HTTP1Request) -> HTTPRequest {
        ordinal += 1
        trailers = HTTPFields()
        headDeadline = .never
        owesContinue = request.expectsContinue
        bodyHasEnded = request.body == .length(0)
        // An empty body's end is taken at once: nobody has to read it.
        if bodyHasEnded {
            _ = try? parser.next()
            invite()
        }
        return HTTPRequest(
            head: request.head, body: bodyHasEnded ? .empty : stream(request.body), remoteAddress: remoteAddress,
            tlsVersion: tlsVersion, httpVersion: request.version, listener: listener.tag, source: self,
            ordinal: ordinal)
    }

    private func stream(_ body: HTTP1Framing.Body) -> ByteStream {
        var length: Int?
        if case .length(let count) = body { length = count }
        return ByteStream(length: length) { [self, ordinal] in try await nextChunk(ofRequest: ordinal) }
    }

    /// The next piece of a request's body; asks a client that waits for `100 Continue` to send it.
    func nextChunk(ofRequest number: Int) async throws -> [UInt8]? {
        guard number == ordinal else { throw ConnectionError.over }
        guard !bodyHasEnded else { return nil }
        if invite() { try channel.flush() }
        while true {
            switch try parser.next() {
            case .body(let bytes): return bytes
            case .end(let trailers):
                self.trailers = trailers
                bodyHasEnded = true
                return nil
            case .head, nil:
                guard try await fill(until: loop.now.advanced(byMilliseconds: core.waits.bodyStall), "body") else {
                    throw ByteStreamError.truncated
                }
                // The request may have been answered while this task waited.
                guard number == ordinal else { throw ConnectionError.over }
                try takeMore()
            }
        }
    }

    /// Tells a client that waits for it to send its body. One without a body gets it as well: botocore takes the next
    /// answer of a connection for a malformed one after an answer that did not begin with `100 Continue`.
    @discardableResult
    private func invite() -> Bool {
        guard owesContinue else { return false }
        owesContinue = false
        channel.queue(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        return true
    }

    /// Takes what else of a large body is there already.
    private func takeMore() throws(ConnectionError) {
        guard channel.isReadable else { return }
        parser.reserve(Self.pieceLength)
        try channel.drain { bytes in
            parser.append(bytes)
            return parser.pendingCount + bytes.count <= Self.pieceLength
        }
    }

    func trailers(ofRequest number: Int) -> HTTPFields {
        if http2 != nil { return trailers(ofStream: number) }
        return number == ordinal && bodyHasEnded ? trailers : HTTPFields()
    }

    /// Whether the rest of a body is short enough to be read for the sake of the connection.
    func restIsWorthReading(_ request: HTTP1Request) -> Bool {
        // A client still waiting for 100 Continue may or may not send its body: nothing after this can be trusted.
        guard !owesContinue else { return false }
        guard case .length(let length) = request.body else { return true }
        return length <= Self.drainLimit
    }

    /// Reads what the handler left, to reach the next request; false where that is not worth it.
    func skipBody() async -> Bool {
        guard !bodyHasEnded else { return true }
        var left = Self.drainLimit
        do {
            while let chunk = try await nextChunk(ofRequest: ordinal) {
                left -= chunk.count
                guard left > 0 else { return false }
            }
            return true
        } catch {
            return false
        }
    }

    // MARK: Refusing

    /// Answers a request that could not be read, and closes.
    private func refuse(_ fault: HTTP1Fault) async throws(ConnectionError) {
        let answer = answer(to: fault, parser.oversizedHead)
        let body: [UInt8] = if case .bytes(let bytes) = answer.body { bytes } else { [] }
        do {
            try channel.queue { out in
                try HTTP1Writer.write(answer.head, .length(body.count), closes: true, date: loop.date.bytes(), to: &out)
                out += body
            }
        } catch {
            throw .closed
        }
        try await channel.flush(downTo: 0, stallMilliseconds: core.waits.writeStall)
        await linger()
    }

    /// - Parameter oversized: what came of the head, where it is too large.
    func answer(to fault: HTTP1Fault, _ oversized: RequestHead?) -> HTTPResponse {
        oversized.flatMap { core.configuration.answerToOversizedHead?($0) }
            ?? HTTPResponse(status: fault.status, text: fault.reason + "\n")
    }

    /// Closes our side and reads on for a moment: a reset would take the answer away from the client (RFC 9112 9.6).
    func linger() async {
        channel.finishWriting()
        let deadline = loop.now.advanced(byMilliseconds: Self.lingerMilliseconds)
        do throws(ConnectionError) {
            while try await channel.fill(until: deadline, "linger", { _ in }), loop.now < deadline {}
        } catch {
            // It took too long or is gone: either way the connection ends now.
        }
    }
}
