import Bytes
import HTTPTypes
import Synchronization
import Testing

@testable import HTTP

/// A frame of RFC 9113 section 4.1.
struct RawFrame: Equatable {
    var type: UInt8
    var flags: UInt8
    var stream: UInt32
    var payload: [UInt8]

    static let data: UInt8 = 0, headers: UInt8 = 1, reset: UInt8 = 3, settings: UInt8 = 4, ping: UInt8 = 6
    static let goAway: UInt8 = 7, windowUpdate: UInt8 = 8, continuation: UInt8 = 9

    var bytes: [UInt8] {
        let count = payload.count
        let head = [UInt8(count >> 16), UInt8(count >> 8 & 255), UInt8(count & 255), type, flags]
        return head + Self.number(stream) + payload
    }

    static func number(_ value: UInt32) -> [UInt8] { (0..<4).reversed().map { UInt8(value >> ($0 * 8) & 255) } }

    var endsStream: Bool { (type == Self.data || type == Self.headers) && flags & 1 != 0 }
}

extension RawConnection {
    func startHTTP2(window: UInt32? = 1 << 30) async throws {
        var bytes = HTTP2Session.preface
        // SETTINGS_INITIAL_WINDOW_SIZE as asked, or the protocol's own 65,535.
        let settings = window.map { [0, 4] + RawFrame.number($0) } ?? []
        bytes += RawFrame(type: RawFrame.settings, flags: 0, stream: 0, payload: settings).bytes
        if window != nil {
            bytes += RawFrame(type: RawFrame.windowUpdate, flags: 0, stream: 0, payload: RawFrame.number(1 << 30)).bytes
        }
        try await send(bytes)
    }

    /// Literal fields without indexing or Huffman coding (RFC 7541 section 6.2.2).
    static func block(_ fields: [(String, String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes += [0, UInt8(name.utf8.count)]
            bytes += Array(name.utf8)
            bytes.append(UInt8(value.utf8.count))
            bytes += Array(value.utf8)
        }
        return bytes
    }

    static func headers(
        _ stream: UInt32, _ method: String = "GET", _ path: String = "/", ends: Bool = true,
        more: [(String, String)] = []
    ) -> RawFrame {
        let fields = [(":method", method), (":scheme", "http"), (":path", path), (":authority", "a")] + more
        return RawFrame(type: RawFrame.headers, flags: ends ? 5 : 4, stream: stream, payload: block(fields))
    }

    func receiveFrame() async throws -> RawFrame {
        let head = try await receive(count: 9)
        let count = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
        let stream = head[5...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return RawFrame(type: head[3], flags: head[4], stream: stream, payload: try await receive(count: count))
    }

    /// The frames of a stream up to its end, and connection errors.
    func receiveStream(_ stream: UInt32) async throws -> [RawFrame] {
        var frames: [RawFrame] = []
        while true {
            let frame = try await receiveFrame()
            guard frame.stream == stream || frame.type == RawFrame.goAway else { continue }
            frames.append(frame)
            if frame.endsStream || frame.type == RawFrame.reset || frame.type == RawFrame.goAway { return frames }
        }
    }

    /// The error code of the GOAWAY frame that must come.
    func receiveGoAway() async throws -> UInt8 {
        while true {
            let frame = try await receiveFrame()
            if frame.type == RawFrame.goAway { return frame.payload[7] }
        }
    }
}

extension [RawFrame] {
    var body: [UInt8] { filter { $0.type == RawFrame.data }.flatMap(\.payload) }
    /// `:status: 200` is entry 8 of HPACK's static table.
    var isOK: Bool { first { $0.type == RawFrame.headers }?.payload.contains(0x88) ?? false }
}

@Suite("HTTP/2")
struct HTTP2Tests {
    @Test("Requests on many streams of one connection are answered, each on its own")
    func streams() async throws {
        try await withServer(handler: echo) { server in
            let client = try await RawConnection(port: server.port)
            try await client.startHTTP2()
            for stream in stride(from: UInt32(1), to: 41, by: 2) {
                try await client.send(RawConnection.headers(stream, "GET", "/\(stream)").bytes)
                let frames = try await client.receiveStream(stream)
                #expect(frames.isOK && frames.body == Array("GET /\(stream) ".utf8))
            }
        }
    }

    @Test("A body goes up and comes back while it goes, and trailers with it")
    func duplex() async throws {
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            HTTPResponse(head: ResponseHead(status: 200), body: .stream(request.body)) {
                ["x-trailer": await request.trailers()["x-sum"] ?? "none"]
            }
        }
        try await withServer(handler: handler) { server in
            let client = try await RawConnection(port: server.port)
            try await client.startHTTP2()
            try await client.send(RawConnection.headers(1, "PUT", ends: false).bytes)
            var body: [UInt8] = []
            for round in 0..<50 {
                let piece = [UInt8](repeating: UInt8(round), count: 10_000)
                try await client.send(RawFrame(type: RawFrame.data, flags: 0, stream: 1, payload: piece).bytes)
                while body.count < (round + 1) * 10_000 {
                    let frame = try await client.receiveFrame()
                    if frame.type == RawFrame.data { body += frame.payload }
                }
                #expect(body.suffix(10_000).allSatisfy { $0 == UInt8(round) })
            }
            let trailers = RawConnection.block([("x-sum", "7")])
            try await client.send(RawFrame(type: RawFrame.headers, flags: 5, stream: 1, payload: trailers).bytes)
            let rest = try await client.receiveStream(1)
            #expect(rest.last?.type == RawFrame.headers && rest.last?.endsStream == true)
        }
    }

    @Test("A head that is too large is answered as it is told to by what came of it, and the connection goes on")
    func oversized() async throws {
        let configure: (inout HTTPServer.Configuration) -> Void = { configuration in
            configuration.answerToOversizedHead = { head in
                head.path == "/known" ? HTTPResponse(status: 400, text: "\(head.fields["X-Early"] ?? "")") : nil
            }
        }
        let many = (0..<200).map { ("x-\($0)", "x") }
        try await withServer(configure, handler: echo) { server in
            let client = try await RawConnection(port: server.port)
            try await client.startHTTP2()
            for (stream, path, text) in [(UInt32(1), "/known", "early"), (3, "/other", "header fields too large\n")] {
                let head = RawConnection.headers(stream, "GET", path, more: [("x-early", "early")] + many)
                try await client.send(head.bytes)
                let frames = try await client.receiveStream(stream)
                #expect(!frames.isOK && frames.body == Array(text.utf8))
            }
            try await client.send(RawConnection.headers(5, "GET", "/after").bytes)
            #expect(try await client.receiveStream(5).isOK)
        }
    }

    @Test("A client that opens no window holds the handler back")
    func flowControl() async throws {
        let pulled = Mutex(0)
        let (paused, pausing) = AsyncStream<Void>.makeStream()
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
            HTTPResponse(
                status: 200,
                body: .stream(
                    ByteStream(length: nil) {
                        let total = pulled.withLock {
                            $0 += 1
                            return $0
                        }
                        if total == 65_535 / 1000 + 1 { pausing.yield() }
                        return total > 200 ? nil : [UInt8](repeating: 1, count: 1000)
                    }))
        }
        try await withServer(handler: handler) { server in
            let client = try await RawConnection(port: server.port)
            try await client.startHTTP2(window: nil)
            try await client.send(RawConnection.headers(1).bytes)
            for await _ in paused { break }
            // Whatever else the connection does, this stream stays where its window ended.
            try await client.send(RawConnection.headers(3, "GET", "/").bytes)
            var received = 0
            while received < 65_535 {
                let frame = try await client.receiveFrame()
                if frame.type == RawFrame.data { received += frame.payload.count }
            }
            #expect(pulled.withLock { $0 } <= 65_535 / 1000 + 2)
        }
    }

    @Test("Streams opened and reset in a row end the connection")
    func rapidReset() async throws {
        try await withServer(handler: echo) { server in
            let client = try await RawConnection(port: server.port)
            try await client.startHTTP2()
            var bytes: [UInt8] = []
            for stream in stride(from: UInt32(1), to: 2001, by: 2) {
                bytes += RawConnection.headers(stream).bytes
                bytes += RawFrame(type: RawFrame.reset, flags: 0, stream: stream, payload: RawFrame.number(8)).bytes
            }
            try? await client.send(bytes)
            #expect(try await client.receiveGoAway() == 11)
        }
    }

    @Test(
        "Floods of pings, settings, and data without data end the connection",
        arguments: [
            RawFrame(type: RawFrame.ping, flags: 0, stream: 0, payload: [UInt8](repeating: 0, count: 8)),
            RawFrame(type: RawFrame.settings, flags: 0, stream: 0, payload: []),
            RawFrame(type: RawFrame.data, flags: 0, stream: 1, payload: []),
        ])
    func floods(_ frame: RawFrame) async throws {
        try await withServer(handler: echo) { server in
            let client = try await RawConnection(port: server.port)
            try await client.startHTTP2()
            try await client.send(RawConnection.headers(1, "PUT", ends: false).bytes)
            let flood = Array(repeatElement(frame.bytes, count: 3000).joined())
            try? await client.send(flood)
            #expect(try await client.receiveGoAway() == 11)
        }
    }

    @Test("A header block without end ends the connection")
    func continuations() async throws {
        try await withServer(handler: echo) { server in
            let client = try await RawConnection(port: server.port)
            try await client.startHTTP2()
            var first = RawConnection.headers(1)
            first.flags = 1
            try await client.send(first.bytes)
            let more = RawFrame(
                type: RawFrame.continuation, flags: 0, stream: 1, payload: RawConnection.block([("x", "y")]))
            try? await client.send(Array(repeatElement(more.bytes, count: 100).joined()))
            #expect(try await client.receiveGoAway() != 0)
        }
    }

    @Test(
        "Heads that would smuggle are refused on their stream",
        arguments: [
            [("Upper", "x")], [("connection", "close")], [("transfer-encoding", "chunked")], [("x", "a\r\nb: c")],
            [("content-length", "5")], [("host", "other")], [("content-length", "1"), ("content-length", "1")],
        ] as [[(String, String)]])
    func refused(_ more: [(String, String)]) async throws {
        try await withServer(handler: { _ in HTTPResponse(status: 200) }) { server in
            let client = try await RawConnection(port: server.port)
            try await client.startHTTP2()
            try await client.send(RawConnection.headers(1, "POST", more: more).bytes)
            let frames = try await client.receiveStream(1)
            #expect(!frames.isOK)
        }
    }

    @Test("A handler whose client resets the stream is cancelled")
    func cancelled() async throws {
        let (began, beginning) = AsyncStream<Void>.makeStream()
        let (ended, ending) = AsyncStream<Bool>.makeStream()
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
            beginning.yield()
            try? await Task.sleep(for: .seconds(60))
            ending.yield(Task.isCancelled)
            return HTTPResponse(status: 200)
        }
        try await withServer(handler: handler) { server in
            let client = try await RawConnection(port: server.port)
            try await client.startHTTP2()
            try await client.send(RawConnection.headers(1).bytes)
            for await _ in began { break }
            try await client.send(
                RawFrame(type: RawFrame.reset, flags: 0, stream: 1, payload: RawFrame.number(8)).bytes)
            for await wasCancelled in ended {
                #expect(wasCancelled)
                break
            }
        }
    }
}
