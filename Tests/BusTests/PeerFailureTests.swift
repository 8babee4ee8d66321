import Bytes
import Synchronization
import Testing
import Time

@testable import Bus

#if canImport(Glibc)
    import Glibc
#endif

@Suite("A peer that fails", .serialized, .timeLimit(.minutes(3))) struct PeerFailureTests {
    @Test("kill -9 fails the pending calls within 50 ms", arguments: PeerTransport.allCases)
    func killed(transport: PeerTransport) async throws {
        // On a busy machine a thread may wait that long for its turn: the best of five counts.
        var fastest = Duration.seconds(60)
        for _ in 0..<5 where fastest >= .milliseconds(50) {
            try await withPeer(over: transport, limits: .patient) { peer, client in
                fastest = min(fastest, try await killWithCallsPending(peer, client))
            }
        }
        #expect(fastest < .milliseconds(50))
    }

    /// How long after the kill the last of 32 calls failed.
    private func killWithCallsPending(_ peer: PeerProcess, _ client: BusClient) async throws -> Duration {
        let calls = (0..<32).map { _ in
            Task { () -> (BusError?, ContinuousClock.Instant) in
                do {
                    _ = try await client.call("peer", .test("Wait"))
                    return (nil, .now)
                } catch {
                    return (error as? BusError, .now)
                }
            }
        }
        try await peer.waitFor(32, "begin")
        let killed = ContinuousClock.now
        peer.signal(SIGKILL)
        var last = killed
        for call in calls {
            let (error, time) = await call.value
            #expect(error == .connectionLost(maybeExecuted: true))
            last = max(last, time)
        }
        return last - killed
    }

    @Test(
        "A peer that is dead is no route at once, and a route again when it is back", arguments: PeerTransport.allCases)
    func restarted(transport: PeerTransport) async throws {
        // A peer that may be starting would be waited for, for 20 seconds.
        try await withPeer(over: transport, limits: .patient) { peer, client in
            peer.kill()
            await #expect(throws: BusError.self) { try await client.call("peer", .test("Echo")) }
            let begin = ContinuousClock.now
            await #expect(throws: BusError.noRoute("peer")) { try await client.call("peer", .test("Echo")) }
            #expect(ContinuousClock.now - begin < .seconds(10))
            try peer.start()
            try await client.untilReachable()
        }
    }

    @Test("An idempotent call survives the restart of its only replica")
    func retried() async throws {
        try await withPeer { peer, client in
            var request = BusRequest.test("Wait")
            request.isIdempotent = true
            request.deadline = .now() + .seconds(20)
            let call = Task { [request] in try await client.call("peer", request) }
            try await peer.waitFor(1, "begin")
            peer.kill()
            try peer.start()
            // It began again in the new process: sent a second time, once.
            try await peer.waitFor(2, "begin")
            peer.kill()
            await #expect(throws: BusError.connectionLost(maybeExecuted: true)) { try await call.value }
            #expect(peer.journal.count { $0 == "begin" } == 2)
        }
    }

    @Test("A frozen peer is noticed within a second, and executes nothing too late", arguments: PeerTransport.allCases)
    func frozen(transport: PeerTransport) async throws {
        // On a busy machine a thread may wait that long for its turn: the best of five counts.
        var fastest: Duration?
        for _ in 0..<5 where fastest.map({ $0 >= .seconds(1) }) ?? true {
            try await withPeer(over: transport) { peer, client in
                guard let time = try await freezeWithCallsPending(peer, client) else { return }
                fastest = min(fastest ?? time, time)
            }
        }
        #expect(try #require(fastest) < .seconds(1))
    }

    /// How long after the freeze the last of 32 calls was known to be lost; `nil` if their deadlines came first.
    private func freezeWithCallsPending(_ peer: PeerProcess, _ client: BusClient) async throws -> Duration? {
        peer.freeze()
        let begin = ContinuousClock.now
        let calls = (0..<32).map { _ in
            Task { () -> BusError? in
                var request = BusRequest.test("Echo")
                request.deadline = .now() + .milliseconds(1500)
                do { _ = try await client.call("peer", request) } catch { return error as? BusError }
                return nil
            }
        }
        var errors: [BusError?] = []
        for call in calls { errors.append(await call.value) }
        let time = ContinuousClock.now - begin
        try await Task.sleep(until: begin + .milliseconds(1600))
        peer.signal(SIGCONT)
        try await client.untilReachable()
        #expect(!errors.contains(nil) && !peer.journal.contains("executed late"))
        return errors.allSatisfy { $0 == .connectionLost(maybeExecuted: true) } ? time : nil
    }

    @Test("A frozen peer's calls end at their deadlines when those come first")
    func frozenWithDeadline() async throws {
        try await withPeer { peer, client in
            peer.freeze()
            var request = BusRequest.test("Echo")
            request.deadline = .now() + .milliseconds(100)
            await #expect(throws: BusError.deadlineExceeded) { try await client.call("peer", request) }
            peer.signal(SIGCONT)
            try await client.untilReachable()
            #expect(!peer.journal.contains("executed late"))
        }
    }

    @Test("kill -9 in the middle of a stream fails both directions, and no reader hangs")
    func killedWhileStreaming() async throws {
        let begun = AsyncStream.makeStream(of: Void.self)
        try await withPeer { peer, client in
            var upload = BusRequest.test("Count")
            upload.stream = ByteStream(length: nil) {
                begun.continuation.yield()
                return [UInt8](repeating: 0, count: 64 << 10)
            }
            let uploading = Task { [upload] in try await client.call("peer", upload) }
            var produce = BusRequest.test("Produce")
            produce.attributes["bytes"] = String(1 << 40)
            let download = try #require(try await client.call("peer", produce).stream)
            for _ in 0..<10 { _ = try await download.next() }
            _ = await begun.stream.first { true }
            peer.kill()
            await #expect(throws: BusError.connectionLost(maybeExecuted: true)) { try await uploading.value }
            await #expect(throws: BusError.connectionLost(maybeExecuted: true)) {
                while try await download.next() != nil {}
            }
        }
    }

    @Test("A caller that dies has its handlers cancelled")
    func deadCaller() async throws {
        // The peer process serves; its caller is a client whose connection ends with it.
        try await withPeer { peer, client in
            let routes = RouteTable(["peer": .init(calls: [peer.address])])
            let second = BusClient(routes: routes, limits: .patient)
            let call = Task { try await second.call("peer", .test("Wait")) }
            try await peer.waitFor(1, "begin")
            second.close()
            await #expect(throws: BusError.cancelled) { try await call.value }
            try await peer.waitFor(1, "cancelled")
        }
    }
}
