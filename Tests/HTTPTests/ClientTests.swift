import Bytes
import Glibc
import HTTPTypes
import Synchronization
import TestSupport
import Testing

@testable import HTTP

@Suite("The client")
struct ClientTests {
    private func origin(_ server: HTTPServer) -> Origin { Origin(host: "127.0.0.1", port: server.port) }

    @Test("sends heads and bodies with every framing and reads the answers")
    func bodies() async throws {
        try await withServer(handler: echo) { server in
            let client = HTTPClient()
            let get = try await client.send(RequestHead(method: "GET", target: "/a"), to: origin(server))
            #expect(try await get.1.text() == "GET /a ")
            let bytes = try await client.send(
                RequestHead(method: "PUT", target: "/b"), to: origin(server), bytes: Array("hey".utf8))
            #expect(try await bytes.1.text() == "PUT /b hey")
            let stream = ByteStream.arriving(["x", "yz"].map { Array($0.utf8) })
            let chunked = try await client.send(
                RequestHead(method: "POST", target: "/c"), to: origin(server), body: stream)
            #expect(try await chunked.1.text() == "POST /c xyz")
        }
    }

    @Test("connects to no address it may not connect to, whatever name stood for it")
    func refusedAddresses() async throws {
        try await withServer(handler: echo) { server in
            var configuration = HTTPClient.Configuration()
            configuration.admits = { $0 == "192.0.2.1" }
            let client = HTTPClient(configuration: configuration)
            for host in ["127.0.0.1", "localhost", "name.localhost", "::ffff:127.0.0.1"] {
                let origin = Origin(host: host, port: server.port)
                await #expect(throws: RefusedAddress.self) {
                    try await client.send(RequestHead(method: "GET", target: "/"), to: origin)
                }
            }
        }
    }

    @Test("uses a connection again, and counts no more than it may open")
    func pool() async throws {
        let atOnce = Mutex((now: 0, most: 0))
        let server = HTTPServer { _ in
            atOnce.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            try? await Task.sleep(for: .milliseconds(2))
            atOnce.withLock { $0.now -= 1 }
            return HTTPResponse(status: 200, text: "ok")
        }
        try await server.start()
        let origin = origin(server)
        var configuration = HTTPClient.Configuration()
        configuration.maximumConnectionsPerOrigin = 2
        let client = HTTPClient(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let (head, body) = try await client.send(
                        RequestHead(method: "GET", target: "/\(number)"), to: origin)
                    #expect(head.status == 200)
                    #expect(try await body.text() == "ok")
                }
            }
            try await group.waitForAll()
        }
        await server.shutDown(within: .zero)
        #expect(atOnce.withLock(\.most) == 2)
    }

    @Test("tries again on a new connection when the server closed a kept one")
    func staleConnection() async throws {
        try await withServer(handler: echo) { server in
            let client = HTTPClient()
            for number in 0..<20 {
                let (head, body) = try await client.send(
                    RequestHead(method: "GET", target: "/\(number)"), to: origin(server))
                #expect(head.status == 200)
                _ = try await body.text()
                server.core.abort()
            }
        }
    }

    @Test("gives up a server that does not answer, and a task that is cancelled")
    func timeOut() async throws {
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
            try? await Task.sleep(for: .seconds(60))
            return HTTPResponse(status: 200)
        }
        try await withServer(handler: handler) { server in
            let client = HTTPClient()
            let head = RequestHead(method: "GET", target: "/")
            await #expect(throws: ConnectionError.timedOut("response")) {
                try await client.send(head, to: origin(server), timeout: .milliseconds(50))
            }
            let port = server.port
            let waiting = Task { try await client.send(head, to: Origin(host: "127.0.0.1", port: port)) }
            waiting.cancel()
            await #expect(throws: ConnectionError.cancelled) { try await waiting.value }
        }
    }

    @Test("waits for a free connection no longer than its time-out")
    func poolTimeOut() async throws {
        let (released, release) = AsyncStream<Void>.makeStream()
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
            for await _ in released { break }
            return HTTPResponse(status: 200)
        }
        try await withServer(handler: handler) { server in
            var configuration = HTTPClient.Configuration()
            configuration.maximumConnectionsPerOrigin = 1
            let client = HTTPClient(configuration: configuration)
            let origin = origin(server)
            async let first = client.send(RequestHead(method: "GET", target: "/1"), to: origin)
            try await Task.sleep(for: .milliseconds(20))
            await #expect(throws: ConnectionError.self) {
                try await client.send(RequestHead(method: "GET", target: "/2"), to: origin, timeout: .milliseconds(50))
            }
            release.yield()
            #expect(try await first.0.status == 200)
        }
    }

    @Test("says who refuses a connection, and which name has no address")
    func unreachable() async throws {
        let client = HTTPClient()
        let closed = try ListeningSocket.tcp(SocketAddress(numeric: "127.0.0.1", port: 0)!, sharesPort: false)
        let port = try SocketAddress(boundTo: closed).port
        #expect(close(closed) == 0)
        await #expect(throws: (any Error).self) {
            try await client.send(RequestHead(method: "GET", target: "/"), to: Origin(host: "127.0.0.1", port: port))
        }
        await #expect(throws: ResolutionError.self) {
            try await client.send(RequestHead(method: "GET", target: "/"), to: Origin(host: "nowhere.invalid"))
        }
    }

    @Test("passes on why a request's own body failed")
    func sourceFailure() async throws {
        try await withServer(handler: echo) { server in
            let stream = ByteStream(length: 10) { throw ByteStreamError.truncated }
            await #expect(throws: ByteStreamError.truncated) {
                try await HTTPClient().send(RequestHead(method: "PUT", target: "/"), to: origin(server), body: stream)
            }
        }
    }

    @Test("refuses to send a head that would break out of its lines")
    func injection() async throws {
        try await withServer(handler: echo) { server in
            for head in [
                RequestHead(method: "GET", target: "/ HTTP/1.1\r\nX: y"), RequestHead(method: "G T", target: "/"),
                RequestHead(method: "GET", target: "/", fields: ["A": "b\r\nC: d"]),
            ] {
                await #expect(throws: HTTPFieldError.self) { try await HTTPClient().send(head, to: origin(server)) }
            }
        }
    }

    @Test(
        "An origin is read from its URL",
        arguments: [
            ("http://Example.com/a?b#c", "http://example.com", "/a?b"), ("https://h:8443", "https://h:8443", "/"),
            ("http://[::1]:80/x", "http://[::1]", "/x"), ("https://h?q", "https://h", "/?q"),
        ])
    func origins(_ url: String, _ text: String, _ target: String) throws {
        let parsed = try #require(Origin.parse(url: url))
        #expect(parsed.origin.description == text && parsed.target == target)
    }

    @Test(
        "What is not an HTTP URL is no origin",
        arguments: ["", "/a", "ftp://h/", "http://", "http://h:x/", "http://u@h/"])
    func noOrigins(_ url: String) { #expect(Origin.parse(url: url) == nil) }
}
