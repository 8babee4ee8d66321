import CZeroMQ
import Testing
import Threads
import Time

@testable import Bus

@Suite("Hostile peers", .timeLimit(.minutes(3))) struct HostilePeerTests {
    @Test("A server takes thousands of mutated messages and goes on serving")
    func mutatedRequests() async throws {
        try await withFolder { folder in
            let routes = LocalRoutes(directory: folder)
            let server = BusServer(bind: routes.callAddresses(of: "owner"), limits: .patient) { request in
                BusReply(body: request.body, stream: request.stream)
            }
            try server.start()
            try attack(routes.callAddresses(of: "owner")[0])
            let client = BusClient(routes: routes, limits: .patient)
            #expect(try await client.call("owner", .test("Echo", "alive")).body == Array("alive".utf8))
            client.close()
            await server.drain(within: .zero)
        }
    }

    private func attack(_ address: BusAddress) throws {
        let socket = Socket(ZMQ_DEALER, in: .shared)
        // As the bus's own sockets. With a high-water mark, unread replies would stop this socket's input, and
        // libzmq 4.3.4 fails an assertion when the connection then ends.
        socket.applyTransportOptions(BusLimits())
        try socket.connect(address)
        var random = SplitMix(seed: 7)
        let meta = Meta(service: "s", operation: "o", attributes: [BusAttribute("a", "b")]).encoded()
        for number in 0..<5000 {
            var header = FrameHeader(kind: FrameHeader.Kind(rawValue: UInt8(number % 7 + 1)) ?? .request)
            header.correlation = UInt64(number / 40)
            header.deadline = .now() + .seconds(5)
            header.chunk = UInt32(number % 5)
            header.flags = .init(rawValue: .random(in: 0...31, using: &random))
            var parts = [bytes(of: header), meta, [1, 2, 3]]
            if number % 3 == 0 { parts = parts.map { mutate($0, &random) } }
            if number % 50 == 0 { parts.removeLast() }
            if number % 70 == 0 { parts += parts }
            for (index, part) in parts.enumerated() {
                _ = part.withUnsafeBytes { socket.send($0, more: index < parts.count - 1) }
            }
        }
    }

    @Test("A client takes mutated replies and ends its calls by their deadlines")
    func mutatedReplies() async throws {
        try await withFolder { folder in
            let address = LocalRoutes.callAddress(of: "owner", in: folder)
            let stop = Mailbox<Bool>()
            let bound = ThreadAnswer<Bool>()
            let ended = ThreadAnswer<Bool>()
            WorkThread.detach(named: "hostile-server") {
                answerWithMutants(at: address, bound: bound, until: stop)
                ended.give(true)
            }
            #expect(bound.wait())
            let client = BusClient(routes: LocalRoutes(directory: folder), limits: .patient)
            for _ in 0..<100 {
                var request = BusRequest.test("Echo")
                request.deadline = .now() + .milliseconds(10)
                // Whatever comes, it comes in time; a stream that comes with it is dropped unread.
                _ = try? await client.call("owner", request)
            }
            client.close()
            stop.post(true)
            #expect(ended.wait())
        }
    }

    @Test("A frame larger than the limit ends the connection, and nothing else")
    func oversized() async throws {
        var limits = BusLimits.patient
        limits.bodyBytes = 1 << 20
        limits.metaBytes = 1 << 10
        try await withFolder { folder in
            let routes = LocalRoutes(directory: folder)
            let server = BusServer(bind: routes.callAddresses(of: "owner"), limits: limits) { BusReply(body: $0.body) }
            try server.start()
            let unlimited = BusClient(routes: routes, limits: .patient)
            await #expect(throws: BusError.connectionLost(maybeExecuted: true)) {
                try await unlimited.call(
                    "owner", BusRequest(service: "s", operation: "o", body: [UInt8](repeating: 0, count: 3 << 20)))
            }
            let client = BusClient(routes: routes, limits: .patient)
            #expect(try await client.call("owner", .test("Echo", "alive")).body == Array("alive".utf8))
            client.close()
            unlimited.close()
            await server.drain(within: .zero)
        }
    }
}

/// A ROUTER that answers each request with something near a reply.
private func answerWithMutants(at address: BusAddress, bound: ThreadAnswer<Bool>, until stop: Mailbox<Bool>) {
    var random = SplitMix(seed: 11)
    runRouter(at: address, bound: bound, until: stop) { router, request in
        guard var header = FrameHeader(request[1]) else { return }
        header.kind = [.reply, .chunk, .error, .credit, .cancel].randomElement(using: &random) ?? .reply
        header.flags = .init(rawValue: .random(in: 0...31, using: &random))
        let parts = [bytes(of: header), Meta(attributes: [BusAttribute("a", "b")]).encoded(), [1, 2, 3]]
        for _ in 0..<3 {
            _ = router.send(request[0], more: true)
            for (index, part) in parts.enumerated() {
                _ = mutate(part, &random).withUnsafeBytes { router.send($0, more: index < 2) }
            }
        }
    }
}
