import Bytes
import Synchronization
import Testing
import Time

@testable import Bus

@Suite("Streams", .timeLimit(.minutes(3))) struct StreamTests {
    /// `count` chunks of `size` bytes, each filled with its number; counts how many were pulled.
    private final class Source: Sendable {
        let pulled = Atomic(0)
        let count: Int
        let size: Int
        init(count: Int, size: Int) {
            self.count = count
            self.size = size
        }
        var stream: ByteStream {
            ByteStream(length: count * size) { [self] in
                let number = pulled.add(1, ordering: .relaxed).oldValue
                return number < count ? [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size) : nil
            }
        }
        var bytes: [UInt8] {
            (0..<count).flatMap { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: size) }
        }
    }

    @Test("A stream goes out and comes back byte for byte", arguments: [1, 1000, 64 << 10, 300_000, 3 << 20])
    func echo(size: Int) async throws {
        let source = Source(count: 20, size: size)
        let echoed = try await withLoopback {
            BusReply(stream: $0.stream)
        } _: { client in
            var request = BusRequest.test("Echo")
            request.stream = source.stream
            let reply = try await client.call("owner", request)
            let stream = try #require(reply.stream)
            return try await stream.collect(upTo: 100 << 20)
        }
        #expect(echoed == source.bytes)
    }

    @Test(
        "Bytes at hand travel with their request and reply, or behind them where they are many",
        arguments: [0, 1, 64 << 10, 64 << 10 + 1])
    func bytesAtHand(size: Int) async throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let fits = size <= 64 << 10
        try await withLoopback { request in
            let cameAlong = request.stream?.bytesAtHand != nil
            let sent = (try? await request.stream?.collect(upTo: 1 << 20)) ?? []
            return BusReply(body: request.body + [cameAlong ? 1 : 0], stream: ByteStream(sent))
        } _: { client in
            var request = BusRequest.test("Echo")
            request.body = Array("before".utf8)
            request.stream = ByteStream(bytes)
            let reply = try await client.call("owner", request)
            #expect(reply.body == Array("before".utf8) + [fits ? 1 : 0])
            #expect((reply.stream?.bytesAtHand != nil) == fits)
            #expect(reply.stream?.length == size)
            #expect(try await reply.stream?.collect(upTo: 1 << 20) == bytes)
        }
    }

    @Test("The declared length travels, and an empty stream ends at once")
    func emptyStream() async throws {
        try await withLoopback { request in
            let body = try? await request.stream?.collect(upTo: 10)
            return BusReply(
                body: body ?? [1], stream: ByteStream(length: request.stream?.length) { nil })
        } _: { client in
            var request = BusRequest.test("Echo")
            request.stream = ByteStream([])
            let reply = try await client.call("owner", request)
            #expect(reply.body.isEmpty)
            #expect(reply.stream?.length == 0)
            #expect(try await reply.stream?.next() == nil)
        }
    }

    @Test("A reader that stops reading stops the sender")
    func backPressure() async throws {
        let source = Source(count: 1000, size: 1 << 20)
        try await withLoopback { _ in
            BusReply(stream: source.stream)
        } _: { client in
            let reply = try await client.call("owner", .test("Produce"))
            let stream = try #require(reply.stream)
            _ = try await stream.next()
            // Other calls go on meanwhile; each lets the sender run as far as it may.
            for _ in 0..<50 { _ = try await client.call("owner", .test("Produce")) }
            #expect(source.pulled.load(ordering: .relaxed) < 50 + 16)
        }
    }

    @Test("Dropping a reply's stream stops its sender and lets its source go")
    func abandonedReply() async throws {
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        final class Resource: Sendable {
            let release: AsyncStream<Void>.Continuation
            init(_ release: AsyncStream<Void>.Continuation) { self.release = release }
            deinit { release.yield() }
        }
        try await withLoopback { _ in
            let resource = Resource(release)
            return BusReply(
                stream: ByteStream(length: nil) {
                    withExtendedLifetime(resource) { [UInt8](repeating: 7, count: 1 << 20) }
                })
        } _: { client in
            let first = try await client.call("owner", .test("Produce")).stream?.next()
            #expect(first?.count == 1 << 20)
            await released.first { _ in true }
        }
    }

    @Test("A handler that ignores the request's stream lets its source go")
    func ignoredRequestStream() async throws {
        let source = Source(count: 1000, size: 1 << 20)
        try await withLoopback { _ in
            BusReply()
        } _: { client in
            var request = BusRequest.test("Ignore")
            request.stream = source.stream
            _ = try await client.call("owner", request)
            #expect(source.pulled.load(ordering: .relaxed) == 0)
        }
    }

    @Test("A source that fails fails the reader, in both directions")
    func failingSource() async throws {
        struct Broken: Error {}
        let count = Atomic(0)
        let failing = ByteStream(length: nil) {
            if count.add(1, ordering: .relaxed).newValue.isMultiple(of: 3) { throw Broken() }
            return [1, 2, 3]
        }
        try await withLoopback { request in
            guard let stream = request.stream else { return BusReply(stream: failing) }
            do {
                while try await stream.next() != nil {}
                return BusReply(status: 200)
            } catch {
                return BusReply(status: error as? ByteStreamError == .truncated ? 499 : 500, isError: true)
            }
        } _: { client in
            let reply = try await client.call("owner", .test("Produce"))
            await #expect(throws: ByteStreamError.truncated) {
                while try await reply.stream?.next() != nil {}
            }
            var request = BusRequest.test("Consume")
            request.stream = failing
            #expect(try await client.call("owner", request).status == 499)
        }
    }

    @Test("Cancelling a task that waits for a chunk ends its wait")
    func cancelledRead() async throws {
        let (began, begin) = AsyncStream.makeStream(of: Void.self)
        try await withLoopback { _ in
            BusReply(
                stream: ByteStream(length: nil) {
                    begin.yield()
                    try await Task.sleep(for: .seconds(60))
                    return nil
                })
        } _: { client in
            let stream = try #require(try await client.call("owner", .test("Hang")).stream)
            let read = Task { try await stream.next() }
            await began.first { _ in true }
            read.cancel()
            await #expect(throws: CancellationError.self) { try await read.value }
        }
    }

    @Test("More streams than the limit are refused")
    func tooManyStreams() async throws {
        var limits = BusLimits.patient
        limits.openStreams = 3
        try await withLoopback(limits: limits) { _ in
            BusReply(stream: ByteStream(length: nil) { [0] })
        } _: { client in
            var held: [ByteStream] = []
            for _ in 0..<3 {
                held.append(try #require(try await client.call("owner", .test("Produce")).stream))
            }
            await #expect(throws: BusError.self) { try await client.call("owner", .test("Produce")) }
            #expect(held.count == 3)
        }
    }
}
