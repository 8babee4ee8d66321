import Bus
import Bytes
import HTTP
import Synchronization
import TestSupport
import Testing
import Time

@testable import Gateway

extension GatewayTests {
    /// The bus on the threads of the connections, as the gateway uses it.
    @Suite("The bus on event loops", .timeLimit(.minutes(3))) struct ReactorTests {
        private let loops = EventLoopGroup(count: 2)

        @Test("A call from a loop's task ends on the loop's thread, and every call gets its own reply")
        func manyCalls() async throws {
            try await with {
                BusReply(body: $0.body)
            } _: { client in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<400 {
                        let loop = loops.loops[number % 2]
                        group.addTask(executorPreference: loop) {
                            let request = request("Echo", String(number))
                            let reply = try await client.call("owner", request)
                            return reply.body == request.body && loop.isCurrent
                        }
                    }
                    for try await isRight in group { #expect(isRight) }
                }
            }
        }

        @Test("Tasks of other threads use the same client")
        func foreignTask() async throws {
            try await with {
                BusReply(body: $0.body)
            } _: { client in
                let echo = try await client.call("owner", request("Echo", "abroad"))
                #expect(echo.body == Array("abroad".utf8))
            }
        }

        @Test("Streams flow both ways through a loop, chunk by chunk")
        func streams() async throws {
            try await with { request in
                guard let bytes = try? await request.stream?.collect(upTo: 8 << 20) else {
                    return BusReply(status: 500)
                }
                return BusReply(stream: ByteStream(bytes))
            } _: { client in
                let payload = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                let returned = try await onLoop {
                    var request = request("Copy")
                    request.stream = ByteStream(payload)
                    return try await client.call("owner", request).stream?.collect(upTo: 8 << 20)
                }
                #expect(returned == payload)
            }
        }

        @Test("The loop's own clock ends a call whose deadline passed")
        func deadline() async throws {
            try await with { _ in
                try? await Task.sleep(for: .seconds(30))
                return BusReply()
            } _: { client in
                await #expect(throws: BusError.deadlineExceeded) {
                    try await onLoop {
                        var request = request("Never")
                        request.deadline = .now() + .milliseconds(150)
                        return try await client.call("owner", request)
                    }
                }
            }
        }

        @Test("A cancelled task's call ends, and the callee's task with it")
        func cancellation() async throws {
            let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
            let (ended, ending) = AsyncStream.makeStream(of: Void.self)
            try await with { _ in
                beginning.yield()
                await withTaskCancellationHandler {
                    try? await Task.sleep(for: .seconds(30))
                } onCancel: {
                    ending.yield()
                }
                return BusReply()
            } _: { client in
                let task = Task(executorPreference: loops.loops[0]) {
                    try await client.call("owner", request("Never"))
                }
                for await _ in begun { break }
                task.cancel()
                await #expect(throws: BusError.cancelled) { try await task.value }
                for await _ in ended { break }
            }
        }

        @Test("A callee that goes away fails the loop's open calls at once; without one there is no route")
        func lostPeer() async throws {
            try await TemporaryFolder.with { folder in
                let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
                let routes = LocalRoutes(directory: "\(folder)/run")
                let server = BusServer(bind: routes.callAddresses(of: "owner")) { _ in
                    beginning.yield()
                    try? await Task.sleep(for: .seconds(30))
                    return BusReply()
                }
                try server.start()
                let client = BusClient(routes: routes, reactors: loops.loops)
                let task = Task(executorPreference: loops.loops[1]) {
                    try await client.call("owner", request("Never"))
                }
                for await _ in begun { break }
                await server.drain(within: .zero)
                await #expect(throws: BusError.connectionLost(maybeExecuted: true)) { try await task.value }
                await #expect(throws: BusError.noRoute("owner")) {
                    try await onLoop { try await client.call("owner", request("Late")) }
                }
                client.close()
            }
        }

        @Test("A closed client refuses its loops' calls")
        func closing() async throws {
            try await with { _ in
                BusReply()
            } _: { client in
                _ = try await onLoop { try await client.call("owner", request("First")) }
                client.close()
                // The loop takes notice of the end before its next wait.
                await #expect(throws: BusError.cancelled) {
                    try await onLoop {
                        while true { _ = try await client.call("owner", request("Next")) }
                    }
                }
            }
        }

        // MARK: Around the tests

        private func request(_ operation: String, _ body: String = "") -> BusRequest {
            BusRequest(service: "test", operation: operation, body: Array(body.utf8), deadline: .now() + .seconds(20))
        }

        private func onLoop<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value
        {
            try await Task(executorPreference: loops.loops[0]) { try await body() }.value
        }

        private func with(
            _ handler: @escaping BusServer.Handler, _ body: (BusClient) async throws -> Void
        ) async throws {
            try await TemporaryFolder.with { folder in
                let routes = LocalRoutes(directory: "\(folder)/run")
                let server = BusServer(bind: routes.callAddresses(of: "owner"), handler: handler)
                try server.start()
                let client = BusClient(routes: routes, reactors: loops.loops)
                do {
                    try await body(client)
                } catch {
                    client.close()
                    await server.drain(within: .zero)
                    throw error
                }
                client.close()
                await server.drain(within: .zero)
            }
        }
    }
}
