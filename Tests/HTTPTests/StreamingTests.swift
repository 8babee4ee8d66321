import Bytes
import Glibc
import HTTPTypes
import Synchronization
import Testing

@testable import HTTP

/// This process's resident memory in KiB.
private func residentKiB() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 128)
    guard fgets(&buffer, 128, file) != nil else { return 0 }
    let fields = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(
        separator: " ")
    return (Int(fields[1]) ?? 0) * 4
}

/// `total` bytes in pieces, each made when it is asked for.
private func generated(_ total: Int, declared: Bool) -> ByteStream {
    let left = Mutex(total)
    return ByteStream(length: declared ? total : nil) {
        let count = left.withLock { left in
            let count = min(left, 64 * 1024)
            left -= count
            return count
        }
        return count == 0 ? nil : [UInt8](repeating: 7, count: count)
    }
}

@Suite("Streaming", .serialized)
struct StreamingTests {
    private static let total = 200 << 20
    /// What buffers on both sides may take; a tenth of what flows.
    private static let allowedKiB = 24 * 1024

    @Test("Two hundred megabytes go up and come back at the same time in little memory", arguments: [true, false])
    func bothWays(_ declared: Bool) async throws {
        let mirror: @Sendable (HTTPRequest) async -> HTTPResponse = {
            HTTPResponse(status: 200, body: .stream($0.body))
        }
        try await withServer(handler: mirror) { server in
            let before = residentKiB()
            var most = 0
            let (head, body) = try await HTTPClient().send(
                RequestHead(method: "PUT", target: "/"), to: Origin(host: "127.0.0.1", port: server.port),
                body: generated(Self.total, declared: declared))
            #expect(head.status == 200)
            #expect(body.length == (declared ? Self.total : nil))
            var received = 0
            while let chunk = try await body.next() {
                received += chunk.count
                most = max(most, residentKiB() - before)
            }
            #expect(received == Self.total)
            #expect(most < Self.allowedKiB)
        }
    }

    @Test("A slow reader holds back the handler that writes to it")
    func slowReader() async throws {
        let pulled = Mutex(0)
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
            let source = generated(Self.total, declared: true)
            return HTTPResponse(
                status: 200,
                body: .stream(
                    ByteStream(length: Self.total) {
                        let chunk = try await source.next()
                        pulled.withLock { $0 += chunk?.count ?? 0 }
                        return chunk
                    }))
        }
        try await withServer(handler: handler) { server in
            let client = try await RawConnection(port: server.port, receiveBuffer: 64 * 1024)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await client.receive(through: "\r\n\r\n")
            // What was pulled beyond what was read sits in the kernel's buffers: megabytes at most.
            var read = 0
            for _ in 0..<10 {
                read += try await client.receive(count: 100_000).count
                #expect(pulled.withLock { $0 } - read < 16 << 20)
            }
        }
    }

    @Test("A handler that does not read holds back the client that sends to it")
    func slowHandler() async throws {
        let (released, release) = AsyncStream<Void>.makeStream()
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
            for await _ in released { break }
            var count = 0
            while let chunk = try? await request.body.next() { count += chunk.count }
            return HTTPResponse(status: 200, text: String(count))
        }
        try await withServer(handler: handler) { server in
            let pulled = Mutex(0)
            let source = generated(Self.total, declared: true)
            let (stalled, stalling) = AsyncStream<Void>.makeStream()
            let counted = ByteStream(length: Self.total) {
                let chunk = try await source.next()
                let now = pulled.withLock {
                    $0 += chunk?.count ?? 0
                    return $0
                }
                if now >= 64 * 1024 { stalling.yield() }
                return chunk
            }
            let origin = Origin(host: "127.0.0.1", port: server.port)
            async let answer = HTTPClient().send(RequestHead(method: "PUT", target: "/"), to: origin, body: counted)
            for await _ in stalled { break }
            #expect(pulled.withLock { $0 } < 32 << 20)
            release.yield()
            let (_, body) = try await answer
            #expect(try await body.text() == String(Self.total))
        }
    }

    @Test("A client that takes nothing is given up, and the handler's stream ends")
    func stalledReader() async throws {
        let (ended, ending) = AsyncStream<Void>.makeStream()
        final class Witness: Sendable {
            let ending: AsyncStream<Void>.Continuation
            init(_ ending: AsyncStream<Void>.Continuation) { self.ending = ending }
            deinit { ending.yield() }
        }
        let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
            let witness = Witness(ending)
            let source = generated(Self.total, declared: true)
            return HTTPResponse(
                status: 200,
                body: .stream(
                    ByteStream(length: Self.total) {
                        _ = witness
                        return try await source.next()
                    }))
        }
        try await withServer({ $0.timeOuts.writeStall = .milliseconds(50) }, handler: handler) { server in
            let client = try await RawConnection(port: server.port, receiveBuffer: 16 * 1024)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            for await _ in ended { break }
            _ = client
        }
    }
}
