import Bytes
import HTTPTypes

/// HTTP/2 on a connection: writing one response.
extension ServerConnection {
    func send(_ exchange: inout Exchange, on stream: HTTP2Stream, _ session: HTTP2Session) async {
        guard let fields = exchange.http2Fields(date: loop.date.bytes()) else {
            exchange.fail()
            session.submit([(":status", "500")], hasBody: false, on: stream)
            return
        }
        let hasBody = exchange.sendsBody && exchange.declaredLength != 0
        session.submit(fields, hasBody: hasBody, on: stream)
        guard hasBody else { return }
        switch exchange.response.body {
        case .bytes(let bytes):
            exchange.bytesSent = bytes.count
            await write(bytes, isLast: true, on: stream, session)
        case .stream(let body):
            do {
                try await send(body, &exchange, on: stream, session)
            } catch {
                // Only a reset can tell the client that the body is not whole.
                session.reset(stream, 2)
                stream.close()
            }
        case .empty, .webSocket: break
        }
    }

    private func send(
        _ body: ByteStream, _ exchange: inout Exchange, on stream: HTTP2Stream, _ session: HTTP2Session
    ) async throws {
        sendOutput()
        while let chunk = try await body.next() {
            exchange.bytesSent += chunk.count
            if let length = exchange.declaredLength, exchange.bytesSent > length { throw ConnectionError.closed }
            await write(chunk, isLast: false, on: stream, session)
            await loop.nextRound()
            guard !stream.isClosed else { throw ConnectionError.closed }
        }
        if let length = exchange.declaredLength, exchange.bytesSent < length { throw ConnectionError.closed }
        stream.outboundTrailers = await exchange.response.trailers?() ?? HTTPFields()
        await write([], isLast: true, on: stream, session)
    }

    /// Hands bytes to a stream and waits until they have become frames: the client's window holds the handler back.
    private func write(_ bytes: [UInt8], isLast: Bool, on stream: HTTP2Stream, _ session: HTTP2Session) async {
        guard !stream.isClosed else { return }
        stream.outbound = bytes
        stream.outboundOffset = 0
        stream.outboundEnded = isLast
        session.resume(stream)
        sendOutput()
        while isLast ? !stream.outboundFinished : stream.hasOutbound, !stream.isClosed {
            stream.waitsSince = loop.now
            await withUnsafeContinuation { waiter in
                let isWritten = isLast ? stream.outboundFinished : !stream.hasOutbound
                if isWritten || stream.isClosed { waiter.resume() } else { stream.writer = waiter }
            }
        }
    }
}
