import Bytes
import Synchronization
import Testing
import Time

@testable import Bus

@Suite("Calls", .timeLimit(.minutes(3))) struct CallTests {
    @Test("A request arrives as it was sent, and so does the reply")
    func roundTrip() async throws {
        let trace = TraceID.random()
        let deadline = Timestamp.now() + .seconds(27)
        let received = Mutex<BusRequest?>(nil)
        let reply = try await withLoopback { request in
            received.withLock { $0 = request }
            return BusReply(
                status: 418, isError: true, attributes: [BusAttribute("type", "Teapot")], body: Array("short".utf8))
        } _: { client in
            try await client.call(
                "owner",
                BusRequest(
                    service: "dynamodb", operation: "GetItem", caller: Array("{\"a\":1}".utf8),
                    attributes: [BusAttribute("region", "eu-west-1"), BusAttribute("grüß", "")],
                    body: [0, 255, 10], deadline: deadline, trace: trace, isIdempotent: true))
        }
        let request = try #require(received.withLock { $0 })
        #expect(request.service == "dynamodb")
        #expect(request.operation == "GetItem")
        #expect(request.caller == Array("{\"a\":1}".utf8))
        #expect(request.attributes == [BusAttribute("region", "eu-west-1"), BusAttribute("grüß", "")])
        #expect(request.body == [0, 255, 10])
        #expect(request.deadline == deadline)
        #expect(request.trace == trace)
        #expect(request.isIdempotent)
        #expect(request.stream == nil)
        #expect(reply.status == 418)
        #expect(reply.isError)
        #expect(reply.attributes["type"] == "Teapot")
        #expect(reply.body == Array("short".utf8))
    }

    @Test("Hundreds of calls at once get their own replies")
    func concurrentCalls() async throws {
        try await withLoopback {
            BusReply(body: $0.body)
        } _: { client in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        let request = BusRequest.test("Echo", String(number))
                        return try await client.call("owner", request).body == request.body
                    }
                }
                for try await isOwn in group { #expect(isOwn) }
            }
        }
    }

    @Test("A body of several megabytes travels in one piece")
    func largeBody() async throws {
        let body = (0..<6_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let reply = try await withLoopback {
            BusReply(body: $0.body)
        } _: { client in
            try await client.call("owner", BusRequest(service: "test", operation: "Echo", body: body))
        }
        #expect(reply.body == body)
    }

    @Test("A body beyond the limit is refused before it is sent, and a reply beyond it when it is made")
    func limits() async throws {
        var limits = BusLimits.patient
        limits.bodyBytes = 1000
        try await withLoopback(limits: limits) { _ in
            BusReply(body: [UInt8](repeating: 1, count: 1001))
        } _: { client in
            await #expect(throws: BusError.self) {
                try await client.call(
                    "owner", BusRequest(service: "test", operation: "Big", body: [UInt8](repeating: 0, count: 1001)))
            }
            await #expect(throws: BusError.protocolViolation("the callee's reply exceeds a limit of the bus")) {
                try await client.call("owner", .test("Small"))
            }
        }
    }

    @Test("An owner without a process is no route, after a moment's patience and then at once")
    func noRoute() async throws {
        try await withFolder { folder in
            let client = BusClient(routes: LocalRoutes(directory: folder))
            defer { client.close() }
            let end = ContinuousClock.now + .seconds(40)
            var latency = Duration.seconds(60)
            // Half of the patience that a call has which waits.
            while latency > .milliseconds(500) {
                try #require(ContinuousClock.now < end, "calls keep waiting for nobody")
                let begin = ContinuousClock.now
                await #expect(throws: BusError.noRoute("nobody")) { try await client.call("nobody", .test("Echo")) }
                latency = ContinuousClock.now - begin
            }
        }
    }

    @Test("A call to an owner that is just starting waits for it")
    func earlyCall() async throws {
        try await withFolder { folder in
            let routes = LocalRoutes(directory: folder)
            let client = BusClient(routes: routes, limits: .patient)
            let early = Task { try await client.call("owner", .test("Echo", "early")) }
            try await Task.sleep(for: .milliseconds(100))
            let server = BusServer(bind: routes.callAddresses(of: "owner"), limits: .patient) {
                BusReply(body: $0.body)
            }
            try server.start()
            #expect(try await early.value.body == Array("early".utf8))
            client.close()
            await server.drain(within: .zero)
        }
    }

    @Test("The deadline ends a call, and cancels its handler")
    func deadline() async throws {
        let wasCancelled = AsyncStream.makeStream(of: Bool.self)
        let hasBegun = Atomic(false)
        try await withLoopback { request in
            guard request.operation == "Wait" else { return BusReply() }
            hasBegun.store(true, ordering: .releasing)
            try? await Task.sleep(for: .seconds(60))
            wasCancelled.continuation.yield(Task.isCancelled)
            return BusReply()
        } _: { client in
            _ = try await client.call("owner", .test("Connect"))
            var request = BusRequest.test("Wait")
            // A busy machine may begin nothing in so short a time; the handler never sees such a call.
            var time = Duration.milliseconds(200)
            while !hasBegun.load(ordering: .acquiring) {
                request.deadline = .now() + time
                await #expect(throws: BusError.deadlineExceeded) { try await client.call("owner", request) }
                time = time * 2
            }
            #expect(await wasCancelled.stream.first { _ in true } == true)
        }
    }

    @Test("Cancelling the task cancels the handler's")
    func cancellation() async throws {
        let began = AsyncStream.makeStream(of: Void.self)
        let wasCancelled = AsyncStream.makeStream(of: Bool.self)
        try await withLoopback { _ in
            began.continuation.yield()
            try? await Task.sleep(for: .seconds(60))
            wasCancelled.continuation.yield(Task.isCancelled)
            return BusReply()
        } _: { client in
            let call = Task { try await client.call("owner", .test("Wait")) }
            await began.stream.first { _ in true }
            call.cancel()
            await #expect(throws: BusError.cancelled) { try await call.value }
            #expect(await wasCancelled.stream.first { _ in true } == true)
        }
    }

    @Test("A task cancelled beforehand never calls")
    func cancelledBeforehand() async throws {
        let count = Atomic(0)
        try await withLoopback { _ in
            count.add(1, ordering: .relaxed)
            return BusReply()
        } _: { client in
            let call = Task {
                try? await Task.sleep(for: .seconds(60))
                return try await client.call("owner", .test("Echo"))
            }
            call.cancel()
            await #expect(throws: BusError.cancelled) { try await call.value }
            _ = try await client.call("owner", .test("Echo"))
            #expect(count.load(ordering: .relaxed) == 1)
        }
    }

    @Test("A request past its deadline is not sent")
    func expired() async throws {
        let count = Atomic(0)
        try await withLoopback { _ in
            count.add(1, ordering: .relaxed)
            return BusReply()
        } _: { client in
            var request = BusRequest.test("Echo")
            request.deadline = .now() - .milliseconds(1)
            await #expect(throws: BusError.deadlineExceeded) { try await client.call("owner", request) }
            #expect(count.load(ordering: .relaxed) == 0)
        }
    }

    @Test("Beyond so many open calls a server is overloaded")
    func overload() async throws {
        var limits = BusLimits.patient
        limits.openCalls = 2
        try await withFolder { folder in
            let routes = LocalRoutes(directory: folder)
            let began = AsyncStream.makeStream(of: Void.self)
            let server = BusServer(bind: routes.callAddresses(of: "owner"), limits: limits) { _ in
                began.continuation.yield()
                try? await Task.sleep(for: .seconds(60))
                return BusReply()
            }
            try server.start()
            let client = BusClient(routes: routes, limits: .patient)
            let calls = (0..<2).map { _ in Task { try await client.call("owner", .test("Wait")) } }
            var iterator = began.stream.makeAsyncIterator()
            for _ in calls { await iterator.next() }
            await #expect(throws: BusError.overloaded) { try await client.call("owner", .test("Wait")) }
            client.close()
            for call in calls { await #expect(throws: BusError.cancelled) { try await call.value } }
            await server.drain(within: .zero)
        }
    }

    @Test("Draining answers what is open and refuses what is new")
    func drain() async throws {
        try await withFolder { folder in
            let routes = LocalRoutes(directory: folder)
            let began = AsyncStream.makeStream(of: Void.self)
            let gate = AsyncStream.makeStream(of: Void.self)
            let server = BusServer(bind: routes.callAddresses(of: "owner"), limits: .patient) { request in
                began.continuation.yield()
                if request.operation == "Wait" { await gate.stream.first { _ in true } }
                return BusReply(body: [1])
            }
            try server.start()
            let client = BusClient(routes: routes, limits: .patient)
            let open = Task { try await client.call("owner", .test("Wait")) }
            await began.stream.first { _ in true }
            async let drained: Void = server.drain(within: .seconds(10))
            while true {
                do {
                    _ = try await client.call("owner", .test("Echo"))
                } catch BusError.noRoute {
                    break
                }
            }
            gate.continuation.yield()
            #expect(try await open.value.body == [1])
            await drained
            client.close()
        }
    }
}
