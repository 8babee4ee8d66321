import Bytes
import HTTPTypes

/// Sending a request's body.
extension ClientConnection {
    /// The body leaves beside the reading of the response: servers may answer before they have read it all.
    func send(_ request: ClientRequest) {
        hasSentAll = false
        switch request.body {
        case .empty: return finishSending()
        case .bytes(let bytes):
            channel.queue(bytes)
            finishSending()
        case .stream(let stream):
            let isChunked = request.framing == .chunked
            sender = Task(executorPreference: loop) { await self.send(stream, isChunked: isChunked) }
        }
    }

    private func finishSending() {
        hasSentAll = true
        channel.flushSoon()
    }

    private func send(_ stream: ByteStream, isChunked: Bool) async {
        do {
            var sent = 0
            channel.flushSoon()
            while let chunk = try await next(of: stream) {
                sent += chunk.count
                if let length = stream.length, sent > length { throw ByteStreamError.tooLong(limit: length) }
                queue(chunk, isChunked: isChunked)
                try await channel.flush(downTo: 0, stallMilliseconds: writeStall)
            }
            if let length = stream.length, sent < length { throw sourceFailed(ByteStreamError.truncated) }
            if isChunked { try channel.queue { try HTTP1Writer.lastChunk(HTTPFields(), to: &$0) } }
            finishSending()
        } catch {
            // Where the server stopped listening its answer may be there to read; where the source failed there is none.
            if sourceFailure != nil { channel.close() }
        }
    }

    private func next(of stream: ByteStream) async throws -> [UInt8]? {
        do {
            return try await stream.next()
        } catch {
            throw sourceFailed(error)
        }
    }

    private func sourceFailed(_ error: any Error) -> any Error {
        sourceFailure = error
        return error
    }

    private func queue(_ chunk: [UInt8], isChunked: Bool) {
        guard isChunked else { return channel.queue(chunk) }
        guard !chunk.isEmpty else { return }
        channel.queue(HTTP1Writer.chunkSize(chunk.count))
        channel.queue(chunk)
        channel.queue([0x0d, 0x0a])
    }
}
