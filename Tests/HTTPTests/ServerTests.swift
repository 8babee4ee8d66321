import Bytes
import HTTPTypes
import TestSupport
import Testing

@testable import HTTP

@Suite("The server")
struct ServerTests {
    @Test("answers requests one after another on a connection that is kept")
    func keepAlive() async throws {
        try await withServer(handler: echo) { server in
            let client = try await RawConnection(port: server.port)
            for number in 1...3 {
                try await client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(try await client.receive(through: "/\(number) ") == "GET /\(number) ")
            }
        }
    }

    @Test("answers pipelined requests in order, however they were cut")
    func pipelining() async throws {
        try await withServer(handler: echo) { server in
            let client = try await RawConnection(port: server.port)
            let requests = (1...20).map { "POST /\($0) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi" }.joined()
            let bytes = Array(requests.utf8)
            for start in stride(from: 0, to: bytes.count, by: 100) {
                try await client.send(Array(bytes[start..<min(start + 100, bytes.count)]))
            }
            for number in 1...20 {
                let answer = try await client.receive(through: " hi")
                #expect(answer.hasSuffix("POST /\(number) hi"))
            }
        }
    }

    @Test("says Date and Content-Length, closes where asked, and adds nothing else")
    func fields() async throws {
        try await withServer(handler: { _ in HTTPResponse(status: 200, bytes: Array("x".utf8)) }) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let lines = await client.receiveToEnd().split(separator: "\r\n").map(String.init)
            #expect(lines.count == 5)
            #expect(lines[0] == "HTTP/1.1 200 OK")
            #expect(lines[1].hasPrefix("Date: ") && lines[1].hasSuffix(" GMT"))
            #expect(lines[2...] == ["Content-Length: 1", "Connection: close", "x"])
        }
    }

    @Test("sends no body to HEAD, but the length it would have")
    func head() async throws {
        try await withServer(handler: { _ in HTTPResponse(status: 200, bytes: Array("hello".utf8)) }) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answer = await client.receiveToEnd()
            #expect(answer.contains("Content-Length: 5\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("lets a handler say the length behind HEAD, and says none with 204")
    func lengths() async throws {
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            request.head.method == "HEAD"
                ? HTTPResponse(status: 200, fields: ["Content-Length": "1234"])
                : HTTPResponse(status: 204, fields: ["Content-Length": "7"])
        }
        try await withServer(handler: handler) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send(
                "HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n").contains("Content-Length: 1234\r\n"))
            #expect(!(await client.receiveToEnd().contains("Content-Length")))
        }
    }

    @Test(
        "refuses what the parser refuses, and closes",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", "400"), ("GET / HTTP/3.0\r\n", "505"),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n", "431"),
        ])
    func refuses(_ request: String, _ status: String) async throws {
        try await withServer(handler: echo) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send(request)
            let answer = await client.receiveToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.contains("Connection: close\r\n"))
        }
    }

    @Test("answers a head that is too large as it is told to by what came of it, and closes")
    func oversized() async throws {
        let configure: (inout HTTPServer.Configuration) -> Void = { configuration in
            configuration.answerToOversizedHead = { head in
                head.path == "/known" ? HTTPResponse(status: 400, text: "\(head.fields["X-Early"] ?? "")") : nil
            }
        }
        let long = String(repeating: "x", count: 20_000)
        try await withServer(configure, handler: echo) { server in
            for (path, status, text) in [("/known", "400", "early"), ("/other", "431", "header fields too large\n")] {
                let client = try await RawConnection(port: server.port)
                try await client.send(
                    "GET \(path) HTTP/1.1\r\nHost: a\r\nX-Early: early\r\nX: \(long)\r\n\r\n"
                        + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
                let answer = await client.receiveToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
                #expect(answer.contains("Connection: close\r\n"))
                #expect(answer.hasSuffix("\r\n\r\n\(text)"))
            }
        }
    }

    @Test("asks for the body of a waiting client when the handler reads it, and only then")
    func expectContinue() async throws {
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            request.head.target == "/read" ? await echo(request) : HTTPResponse(status: 403, text: "no")
        }
        try await withServer(handler: handler) { server in
            let reading = try await RawConnection(port: server.port)
            try await reading.send("PUT /read HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try await reading.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await reading.send("ok")
            #expect(try await reading.receive(through: "/read ok").hasPrefix("HTTP/1.1 200"))
            let refused = try await RawConnection(port: server.port)
            try await refused.send("PUT /no HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            let answer = await refused.receiveToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 403") && answer.contains("Connection: close"))
        }
    }

    @Test("invites a waiting client without a body too, and goes on with the connection")
    func expectContinueWithoutBody() async throws {
        try await withServer(handler: echo) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send("PUT /none HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            #expect(try await client.receive(through: "/none ").hasPrefix("HTTP/1.1 200"))
            try await client.send("PUT /some HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok")
            #expect(try await client.receive(through: "/some ok").hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("streams in chunks with trailers where the length is not known, and to its end for HTTP/1.0")
    func chunkedResponse() async throws {
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
            let stream = ByteStream.arriving(["one", "two"].map { Array($0.utf8) })
            return HTTPResponse(head: ResponseHead(status: 200), body: .stream(stream)) { ["X-Check": "sum"] }
        }
        try await withServer(handler: handler) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answer = await client.receiveToEnd()
            #expect(answer.contains("Transfer-Encoding: chunked\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\nX-Check: sum\r\n\r\n"))
            let old = try await RawConnection(port: server.port)
            try await old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(await old.receiveToEnd().hasSuffix("Connection: close\r\n\r\nonetwo"))
        }
    }

    @Test("hands a request's trailers to the handler")
    func requestTrailers() async throws {
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            _ = try? await request.body.collect(upTo: 100)
            return HTTPResponse(status: 200, text: await request.trailers()["x-sum"] ?? "none")
        }
        try await withServer(handler: handler) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send(
                "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 42\r\n\r\n"
            )
            #expect(await client.receiveToEnd().hasSuffix("\r\n\r\n42"))
        }
    }

    @Test("keeps the connection after a short body the handler did not read")
    func unreadBody() async throws {
        try await withServer(handler: { HTTPResponse(status: 200, text: $0.head.target) }) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc")
            #expect(try await client.receive(through: "\n/1").hasPrefix("HTTP/1.1 200"))
            try await client.send("deGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.receive(through: "\n/2").hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("answers 500 to fields that would break out of their lines")
    func injection() async throws {
        try await withServer(handler: { _ in HTTPResponse(status: 200, fields: ["X": "a\r\nY: b"]) }) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = await client.receiveToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 500") && !answer.contains("Y: b"))
        }
    }

    @Test(
        "gives up clients that are slow with a head, a body or a next request",
        arguments: [
            ("head", "GET / HT", "HTTP/1.1 408"), ("idle", "", ""),
            ("body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab", "HTTP/1.1 400"),
        ])
    func timeOuts(_ which: String, _ sent: String, _ answer: String) async throws {
        func configure(_ configuration: inout HTTPServer.Configuration) {
            switch which {
            case "head": configuration.timeOuts.head = .milliseconds(20)
            case "body": configuration.timeOuts.bodyStall = .milliseconds(20)
            default: configuration.timeOuts.idle = .milliseconds(20)
            }
        }
        try await withServer(configure, handler: echo) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send(sent)
            #expect(await client.receiveToEnd().hasPrefix(answer))
        }
    }

    @Test("cancels the handler of a client that left")
    func departure() async throws {
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
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            for await _ in began { break }
            await client.close()
            for await wasCancelled in ended {
                #expect(wasCancelled)
                break
            }
        }
    }

    @Test("lets a request that runs finish when it shuts down, and closes idle connections")
    func drain() async throws {
        let (began, beginning) = AsyncStream<Void>.makeStream()
        let (released, release) = AsyncStream<Void>.makeStream()
        let server = HTTPServer { _ in
            beginning.yield()
            for await _ in released { break }
            return HTTPResponse(status: 200, text: "done")
        }
        try await server.start()
        let idle = try await RawConnection(port: server.port)
        let busy = try await RawConnection(port: server.port)
        try await busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for await _ in began { break }
        let stopping = Task { await server.shutDown(within: .seconds(10)) }
        #expect(await idle.receiveToEnd() == "")
        release.yield()
        let answer = await busy.receiveToEnd()
        #expect(answer.contains("Connection: close\r\n") && answer.hasSuffix("done"))
        await stopping.value
        await #expect(throws: (any Error).self) { try await RawConnection(port: server.port).send("x") }
    }

    @Test("shuts down although a handler ignores its cancellation")
    func stubbornHandler() async throws {
        let (began, beginning) = AsyncStream<Void>.makeStream()
        let (released, release) = AsyncStream<Void>.makeStream()
        let server = HTTPServer { _ in
            beginning.yield()
            // An unstructured task does not notice that this one is cancelled.
            await Task.detached { for await _ in released { break } }.value
            return HTTPResponse(status: 200)
        }
        try await server.start()
        let client = try await RawConnection(port: server.port)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for await _ in began { break }
        await server.shutDown(within: .zero)
        #expect(await client.receiveToEnd() == "")
        release.yield()
    }

    @Test("keeps its handlers on the thread of their socket")
    func threads() async throws {
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            let before = EventLoop.current.map { ObjectIdentifier($0) }
            await Task.yield()
            try? await Task.sleep(for: .milliseconds(1))
            let after = EventLoop.current.map { ObjectIdentifier($0) }
            return HTTPResponse(status: before != nil && before == after ? 200 : 500)
        }
        try await withServer(handler: handler) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(await client.receiveToEnd().hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("tells every request and its outcome to the access log")
    func accessLog() async throws {
        let (entries, log) = AsyncStream<AccessLogEntry>.makeStream()
        try await withServer({ $0.accessLog = { log.yield($0) } }, handler: echo) { server in
            let client = try await RawConnection(port: server.port)
            try await client.send("GET /log HTTP/1.1\r\nHost: a\r\n\r\n")
            for await entry in entries {
                #expect(entry.head.target == "/log" && entry.status == 200 && entry.bytesSent == 9)
                #expect(entry.remoteAddress == "127.0.0.1" && entry.duration > .zero)
                break
            }
        }
    }
}
