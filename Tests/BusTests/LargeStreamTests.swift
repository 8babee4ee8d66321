import Bytes
import Synchronization
import Testing
import Time

@testable import Bus

#if canImport(Glibc)
    import Glibc
#endif

/// `APUS_STREAM_BYTES=5368709120 swift test -c release --filter LargeStreamTests` is the acceptance test.
@Suite("Large streams", .serialized, .timeLimit(.minutes(5))) struct LargeStreamTests {
    private static let bytes = getenv("APUS_STREAM_BYTES").flatMap { Int(String(cString: $0)) } ?? 256 << 20
    private static let memoryLimit = 64 << 20

    @Test("What is sent arrives whole, and the receiving process stays small")
    func upload() async throws {
        try await withPeer(limits: .patient) { peer, client in
            let rest = Mutex(Self.bytes)
            var request = BusRequest.test("Count")
            request.deadline = .now() + .seconds(300)
            request.stream = ByteStream(length: Self.bytes) {
                rest.withLock { rest in
                    let count = min(rest, 256 << 10)
                    rest -= count
                    return count == 0 ? nil : [UInt8](repeating: 1, count: count)
                }
            }
            let reply = try await client.call("peer", request)
            #expect(reply.body == Array(String(Self.bytes).utf8))
            #expect(try await peakMemory(of: client) < Self.memoryLimit)
        }
    }

    @Test("What is received arrives whole, and the sending process stays small")
    func download() async throws {
        try await withPeer(limits: .patient) { peer, client in
            var request = BusRequest.test("Produce")
            request.attributes["bytes"] = String(Self.bytes)
            let stream = try #require(try await client.call("peer", request).stream)
            #expect(stream.length == Self.bytes)
            var received = 0
            while let chunk = try await stream.next() { received += chunk.count }
            #expect(received == Self.bytes)
            #expect(try await peakMemory(of: client) < Self.memoryLimit)
        }
    }

    @Test("A sender whose reader sleeps keeps no more than a window")
    func sleepingReader() async throws {
        try await withPeer(limits: .patient) { peer, client in
            var request = BusRequest.test("Produce")
            request.attributes["bytes"] = String(1 << 40)
            var streams: [ByteStream] = []
            for _ in 0..<8 {
                let stream = try #require(try await client.call("peer", request).stream)
                _ = try await stream.next()
                streams.append(stream)
            }
            #expect(try await peakMemory(of: client) < Self.memoryLimit)
            #expect(streams.count == 8)
        }
    }

    private func peakMemory(of client: BusClient) async throws -> Int {
        let reply = try await client.call("peer", .test("Memory"))
        return try #require(Int(String(decoding: reply.body, as: UTF8.self)))
    }
}
