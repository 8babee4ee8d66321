import ServiceKit
import Synchronization
import Testing

@testable import Thumbnails

@Suite("Slots for workers")
struct RenderSlotsTests {
    @Test("Never more run at once than there are slots, and all have their turn")
    func limit() async throws {
        let slots = RenderSlots(count: 2, places: 0)
        let running = Running()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await slots.run(isPatient: true) {
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
        let slots = RenderSlots(count: 1, places: 0)
        _ = try await slots.run(isPatient: false) {
            await #expect(throws: ServiceError.slowDown) { try await slots.run(isPatient: false) {} }
        }
        try await slots.run(isPatient: false) {}
    }

    @Test("Work that fails gives its slot back")
    func failure() async throws {
        let slots = RenderSlots(count: 1, places: 0)
        await #expect(throws: Refusal.truncated) {
            try await slots.run(isPatient: false) { throw Refusal.truncated }
        }
        try await slots.run(isPatient: false) {}
    }
}

private final class Running: Sendable {
    private let state = Mutex((now: 0, most: 0, all: 0))

    var seen: (now: Int, most: Int, all: Int) { state.withLock { $0 } }

    func begin() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.all + 1) } }
    func end() { state.withLock { $0.now -= 1 } }
}
