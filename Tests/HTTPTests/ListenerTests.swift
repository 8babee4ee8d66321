import Glibc
import HTTPTypes
import Testing

@testable import HTTP

@Suite("Listeners")
struct ListenerTests {
    @Test("An adopted socket serves under its tag until it is removed, with its connections")
    func adopt() async throws {
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            HTTPResponse(status: 200, text: request.listener?.description ?? "none")
        }
        try await withServer({ $0.listeners = [] }, handler: handler) { server in
            var ports: [Int] = []
            for number in 0..<8 {
                let socket = try ListeningSocket.tcp(SocketAddress(numeric: "127.0.0.1", port: 0)!, sharesPort: false)
                ports.append(try SocketAddress(boundTo: socket).port)
                try await server.adopt(listeningDescriptor: socket, tag: ListenerTag(number))
            }
            for (number, port) in ports.enumerated() {
                let client = try await RawConnection(port: port)
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.receive(through: "\r\n\r\n\(number)").hasPrefix("HTTP/1.1 200"))
                await server.removeListeners(tagged: ListenerTag(number))
                #expect(await client.receiveToEnd() == "")
                await #expect(throws: (any Error).self) { try await RawConnection(port: port).send("x") }
            }
        }
    }

    @Test("What only this machine reaches is not paced; elsewhere the system's choice stands")
    func pacing() throws {
        func control(of host: String) throws -> String {
            let socket = try ListeningSocket.tcp(SocketAddress(numeric: host, port: 0)!, sharesPort: false)
            defer { close(socket) }
            var name = [UInt8](repeating: 0, count: 16)
            var length = socklen_t(name.count)
            try #require(getsockopt(socket, Int32(IPPROTO_TCP), TCP_CONGESTION, &name, &length) == 0)
            return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        }
        let file = open("/proc/sys/net/ipv4/tcp_congestion_control", O_RDONLY)
        defer { close(file) }
        var line = [UInt8](repeating: 0, count: 64)
        try #require(read(file, &line, line.count) > 0)
        #expect(try control(of: "127.0.0.1") == "reno")
        #expect(try control(of: "0.0.0.0") == String(decoding: line.prefix { $0 > 0x20 }, as: UTF8.self))
    }

    @Test("A Unix socket serves, replaces a stale one, and respects one in use")
    func unix() async throws {
        let path = "/tmp/apus-http-test-\(getpid())-\(UInt32.random(in: 0...(.max))).sock"
        let stale = try ListeningSocket.unix(path: path)
        close(stale)
        try await withServer({ $0.listeners = [.unix(path: path, tag: "local")] }, handler: echo) { _ in
            let client = HTTPClient()
            let (head, body) = try await client.send(
                RequestHead(method: "GET", target: "/u"), to: Origin(unixPath: path))
            #expect(head.status == 200)
            #expect(try await body.text() == "GET /u ")
            #expect(throws: SocketError.self) { try ListeningSocket.unix(path: path) }
        }
        #expect(access(path, F_OK) != 0)
    }

    @Test("A server at its limit of connections serves further ones as others end")
    func limit() async throws {
        try await withServer({ $0.maximumConnections = 1 }, handler: echo) { server in
            let first = try await RawConnection(port: server.port)
            try await first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await first.receive(through: "/1 ")
            let second = try await RawConnection(port: server.port)
            try await second.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
            await first.close()
            #expect(try await second.receive(through: "/2 ").hasPrefix("HTTP/1.1 200"))
        }
    }
}
