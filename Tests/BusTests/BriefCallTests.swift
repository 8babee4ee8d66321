import Bytes
import Glibc
import Synchronization
import Testing
import Threads
import Time

@testable import Bus

@Suite("Brief calls", .timeLimit(.minutes(3))) struct BriefCallTests {
    @Test("Brief calls run on one thread, the one that received them; others do not")
    func threads() async throws {
        try await withServer(isBrief: { $0.operation == "Brief" }) { request in
            BusReply(body: Array("\(pthread_self())".utf8))
        } _: { client in
            var brief = Set<[UInt8]>()
            var other = Set<[UInt8]>()
            for _ in 0..<20 {
                brief.insert(try await client.call("owner", .test("Brief")).body)
                other.insert(try await client.call("owner", .test("Other")).body)
            }
            #expect(brief.count == 1)
            #expect(brief.isDisjoint(with: other))
        }
    }

    @Test("Brief calls are answered in a turn of the thread that received them, others are in none")
    func turns() async throws {
        try await withServer(isBrief: { $0.operation == "Brief" }) { _ in
            BusReply(body: Array("\(Turn.current != nil)".utf8))
        } _: { client in
            let brief = try await client.call("owner", .test("Brief")).body
            let other = try await client.call("owner", .test("Other")).body
            #expect(brief == Array("true".utf8))
            #expect(other == Array("false".utf8))
        }
    }

    @Test("A brief call that waits lets the calls behind it pass, and goes on when it is woken")
    func waiting() async throws {
        let gate = Gate()
        try await withServer(isBrief: { _ in true }) { request in
            if request.operation == "Wait" { await gate.pass() } else { gate.open() }
            return BusReply(body: request.body)
        } _: { client in
            let waiting = Task { try await client.call("owner", .test("Wait", "first")).body }
            let opened = try await client.call("owner", .test("Open", "second")).body
            let waited = try await waiting.value
            #expect(opened == Array("second".utf8))
            #expect(waited == Array("first".utf8))
        }
    }

    @Test("More brief calls at once than one thread takes are all answered")
    func flood() async throws {
        try await withServer(isBrief: { _ in true }) {
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

    @Test("A brief call that still runs when the server goes ends elsewhere")
    func draining() async throws {
        let gate = Gate()
        let (ended, ending) = AsyncStream.makeStream(of: Void.self)
        try await withServer(isBrief: { _ in true }) { _ in
            await gate.pass()
            ending.yield()
            return BusReply()
        } _: { client in
            let call = Task { try await client.call("owner", .test("Wait")) }
            await gate.waitForVisitor()
            client.close()
            await #expect(throws: BusError.cancelled) { try await call.value }
        }
        gate.open()
        for await _ in ended { break }
    }

    private func withServer(
        isBrief: @escaping BusServer.BriefCalls, handler: @escaping BusServer.Handler,
        _ body: (BusClient) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let routes = LocalRoutes(directory: folder)
            let server = BusServer(
                bind: routes.callAddresses(of: "owner"), limits: .patient, isBrief: isBrief, handler: handler)
            try server.start()
            let client = BusClient(routes: routes, limits: .patient)
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

/// Holds tasks up until somebody opens it.
private final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watcher: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    func pass() async {
        await withCheckedContinuation { continuation in
            let (isOpen, watcher) = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return (state.isOpen, state.watcher.take())
            }
            watcher?.resume()
            if isOpen { continuation.resume() }
        }
    }

    func waitForVisitor() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.waiting.isEmpty { state.watcher = continuation }
                return !state.waiting.isEmpty
            }
            if isThere { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
