import Bytes
import HTTPTypes
import Testing

@testable import HTTP

@Suite("WebSocket frames")
struct WebSocketFrameTests {
    @Test("A frame is read as it was written, cut anywhere", arguments: [0, 1, 125, 126, 127, 65_535, 65_536])
    func roundTrip(_ size: Int) throws {
        let frame = WebSocketFrame(opcode: .binary, payload: (0..<size).map { UInt8(truncatingIfNeeded: $0) })
        for mask in [nil, 0x1234_5678 as UInt32?] {
            var bytes: [UInt8] = []
            frame.write(mask: mask, to: &bytes)
            var parser = WebSocketFrameParser(expectsMask: mask != nil, maximumPayload: 1 << 20)
            let cut = min(bytes.count, size < 200 ? 1 : 7)
            parser.append(bytes[..<cut])
            #expect(try parser.next() == nil)
            parser.append(bytes[cut...])
            #expect(try parser.next() == frame)
            #expect(try parser.next() == nil)
        }
    }

    @Test("The handshake's example of RFC 6455 holds")
    func accept() { #expect(WebSocketHandshake.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") }

    @Test(
        "Frames that break the protocol are refused with the code that says so",
        arguments: [
            ([0xc1, 0x80, 0, 0, 0, 0], 1002), ([0x83, 0x80, 0, 0, 0, 0], 1002), ([0x81, 0x00], 1002),
            ([0x09, 0x80, 0, 0, 0, 0], 1002), ([0x89, 0xfe, 0, 126, 0, 0, 0, 0], 1002),
            ([0x82, 0xfe, 0, 5, 0, 0, 0, 0], 1002), ([0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0], 1002),
            ([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1009), ([0x82, 0xfe, 4, 1, 0, 0, 0, 0], 1009),
        ] as [([UInt8], UInt16)])
    func malformed(_ bytes: [UInt8], _ code: UInt16) {
        var parser = WebSocketFrameParser(expectsMask: true, maximumPayload: 1024)
        parser.append(bytes)
        let fault = #expect(throws: WebSocketFault.self) { try parser.next() }
        #expect(fault?.code.rawValue == code)
    }

    @Test("Fragments become one message, control frames between them stand alone")
    func fragments() throws {
        var messages = WebSocketMessages(maximumBytes: 100)
        let euro = Array("€".utf8)
        #expect(try messages.accept(WebSocketFrame(isFinal: false, opcode: .text, payload: [euro[0]])) == nil)
        #expect(try messages.accept(WebSocketFrame(opcode: .ping, payload: [1])) == .ping([1]))
        #expect(try messages.accept(WebSocketFrame(isFinal: false, opcode: .continuation, payload: [euro[1]])) == nil)
        #expect(try messages.accept(WebSocketFrame(opcode: .continuation, payload: [euro[2]])) == .message(.text("€")))
    }

    @Test("Sequences that make no message are refused")
    func sequences() {
        func code(_ frames: [WebSocketFrame]) -> UInt16? {
            var messages = WebSocketMessages(maximumBytes: 4)
            do {
                for frame in frames { _ = try messages.accept(frame) }
                return nil
            } catch {
                return error.code.rawValue
            }
        }
        #expect(code([WebSocketFrame(opcode: .continuation, payload: [])]) == 1002)
        let start = WebSocketFrame(isFinal: false, opcode: .text, payload: [65, 65, 65])
        #expect(code([start, WebSocketFrame(opcode: .text, payload: [])]) == 1002)
        #expect(code([start, WebSocketFrame(opcode: .continuation, payload: [65, 65])]) == 1009)
        #expect(code([WebSocketFrame(opcode: .text, payload: [0xff])]) == 1007)
        #expect(code([WebSocketFrame(opcode: .close, payload: [3])]) == 1002)
        #expect(code([WebSocketFrame(opcode: .close, payload: [3, 0xed])]) == 1002)
        #expect(code([WebSocketFrame(opcode: .close, payload: [3, 0xe8, 0xff])]) == 1007)
        #expect(code([WebSocketFrame(opcode: .close, payload: [3, 0xe8])]) == nil)
    }
}

@Suite("WebSockets")
struct WebSocketTests {
    /// Sends every message back, and closes when told to.
    @Sendable private static func mirror(_ request: HTTPRequest) async -> HTTPResponse {
        HTTPResponse(subprotocol: request.head.fields["Sec-WebSocket-Protocol"]) { socket in
            while let message = try? await socket.next() {
                if message == .text("bye") { return await socket.close(.goingAway, reason: "as told") }
                try? await socket.send(message)
            }
        }
    }

    @Test("Messages of every size come back, until the server says goodbye")
    func echoes() async throws {
        try await withServer(handler: Self.mirror) { server in
            let origin = Origin(host: "127.0.0.1", port: server.port)
            let socket = try await HTTPClient().webSocket(
                RequestHead(method: "GET", target: "/", fields: ["Sec-WebSocket-Protocol": "chat"]), to: origin)
            for size in [0, 1, 125, 126, 65_535, 65_536, 1_000_000] {
                let message = WebSocket.Message.binary((0..<size).map { UInt8(truncatingIfNeeded: $0) })
                try await socket.send(message)
                #expect(try await socket.next() == message)
            }
            try await socket.ping()
            try await socket.send(.text("grüß €"))
            #expect(try await socket.next() == .text("grüß €"))
            try await socket.send(.text("bye"))
            #expect(try await socket.next() == nil)
            #expect(await socket.closeCode == .goingAway)
            #expect(await socket.closeReason == "as told")
        }
    }

    @Test(
        "A peer that breaks the protocol is told the code, then cut",
        arguments: [
            ([0x81, 0x01, 0x41], 1002), ([0x81, 0x81, 0, 0, 0, 0, 0xff], 1007),
            ([0x82, 0xff, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0], 1009),
        ] as [([UInt8], Int)])
    func faults(_ bytes: [UInt8], _ code: Int) async throws {
        try await withServer(handler: Self.mirror) { server in
            let raw = try await RawConnection(port: server.port)
            try await raw.send(Self.upgrade)
            _ = try await raw.receive(through: "\r\n\r\n")
            try await raw.send(bytes)
            let close = try await raw.receive(count: 4)
            #expect(close[0] == 0x88 && Int(close[2]) << 8 | Int(close[3]) == code)
            // The rest of the closing frame, then the end of the connection, without waiting for an answer for long.
            try await raw.send([0x88, 0x80, 0, 0, 0, 0])
            _ = await raw.receiveToEnd()
        }
    }

    @Test("A message right behind the handshake is not lost, and a ping is answered with what it carried")
    func eager() async throws {
        try await withServer(handler: Self.mirror) { server in
            let raw = try await RawConnection(port: server.port)
            try await raw.send(Array(Self.upgrade.utf8) + [0x89, 0x82, 0, 0, 0, 0, 7, 8, 0x81, 0x81, 0, 0, 0, 0, 0x41])
            let answer = try await raw.receive(through: "\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
            #expect(answer.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
            #expect(answer.contains("Connection: Upgrade\r\n"))
            #expect(try await raw.receive(count: 7) == [0x8a, 2, 7, 8, 0x81, 1, 0x41])
        }
    }

    private static let upgrade =
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

    @Test(
        "What is not a proper upgrade is refused",
        arguments: [
            ("Upgrade: websocket", "X: y", "426"), ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", "426"),
            ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: short", "400"),
        ])
    func refusals(_ part: String, _ replacement: String, _ status: String) async throws {
        try await withServer(handler: Self.mirror) { server in
            let raw = try await RawConnection(port: server.port)
            let lines = Self.upgrade.split(separator: "\r\n").map(String.init)
            let changed =
                lines.map { $0.equalsIgnoringCase(part) ? replacement : $0 }.joined(separator: "\r\n") + "\r\n\r\n"
            try await raw.send(changed)
            #expect(await raw.receiveToEnd().hasPrefix("HTTP/1.1 \(status) "))
        }
    }

    @Test("The client reports a server that does not accept")
    func refusedClient() async throws {
        try await withServer(handler: { _ in HTTPResponse(status: 403) }) { server in
            let refusal = await #expect(throws: WebSocketRefusal.self) {
                _ = try await HTTPClient().webSocket(
                    RequestHead(method: "GET", target: "/"), to: Origin(host: "127.0.0.1", port: server.port))
            }
            #expect(refusal?.head.status == 403)
        }
    }
}
