import Synchronization
import Testing

@testable import ServiceKit

@Suite("Turns of tasks")
struct AsyncSemaphoreTests {
    @Test("Never more run at once than may, and all have their turn")
    func limit() async throws {
        let turns = AsyncSemaphore(count: 2)
        let running = Running()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await turns.run {
                        running.begin()
                        await Task.yield()
                        running.end()
                    }
                }
            }
            try await group.waitForAll()
        }
        let seen = running.seen
        #expect(seen.now == 0 && seen.most <= 2 && seen.all == 50)
    }

    @Test("Who would have to wait where there is no place left is sent away, and may come back")
    func full() async throws {
        let turns = AsyncSemaphore(count: 1)
        _ = try await turns.run {
            await #expect(throws: AsyncSemaphore.Full.self) { try await turns.run(places: 0) {} }
        }
        try await turns.run(places: 0) {}
    }

    @Test("Work that fails gives its turn back")
    func failure() async throws {
        struct Failure: Error {}
        let turns = AsyncSemaphore(count: 1)
        await #expect(throws: Failure.self) { try await turns.run { throw Failure() } }
        try await turns.run(places: 0) {}
    }

    @Test("Who is cancelled while it waits leaves at once, and its place goes to the next")
    func cancellation() async throws {
        let turns = AsyncSemaphore(count: 1)
        try await turns.run {
            let waiting = Task { try await turns.run(places: 1) {} }
            while turns.waitingCount == 0 { await Task.yield() }
            await #expect(throws: AsyncSemaphore.Full.self) { try await turns.run(places: 1) {} }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            #expect(turns.waitingCount == 0)
        }
        try await turns.run(places: 0) {}
    }
}

private final class Running: Sendable {
    private let state = Mutex((now: 0, most: 0, all: 0))

    var seen: (now: Int, most: Int, all: Int) { state.withLock { $0 } }

    func begin() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.all + 1) } }
    func end() { state.withLock { $0.now -= 1 } }
}
