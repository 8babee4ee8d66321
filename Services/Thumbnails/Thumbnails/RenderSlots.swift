import ServiceKit
import Synchronization

/// Lets a few workers run at a time. The others wait in the order they came, and only so many of them.
final class RenderSlots: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// The first of `waiting` whose turn has not come.
        var next = 0
    }

    private let state: Mutex<State>
    private let places: Int

    /// - Parameters:
    ///   - count: how many run at a time.
    ///   - places: how many may wait; those who cannot be sent away do not count the places.
    init(count: Int, places: Int) {
        state = Mutex(State(free: count))
        self.places = places
    }

    /// - Parameter isPatient: for work that nobody waits for in front of a browser: it is never sent away.
    /// - Throws: `ServiceError.slowDown`
    func run<Result>(isPatient: Bool, _ body: () async throws -> Result) async throws -> Result {
        if !takeFree() { try await wait(isPatient: isPatient) }
        defer { leave() }
        return try await body()
    }

    private func takeFree() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    private func wait(isPatient: Bool) async throws {
        let isFull = state.withLock { $0.waiting.count - $0.next >= places }
        guard isPatient || !isFull else { throw ServiceError.slowDown }
        await withCheckedContinuation { continuation in
            // One may have become free since.
            let mayEnter = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if mayEnter { continuation.resume() }
        }
    }

    private func leave() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard state.next < state.waiting.count else {
                state.waiting.removeAll(keepingCapacity: true)
                state.next = 0
                state.free += 1
                return nil
            }
            defer { state.next += 1 }
            return state.waiting[state.next]
        }
        next?.resume()
    }
}

extension ServiceError {
    /// S3's word for too many at once.
    static let slowDown = ServiceError("SlowDown", "Please reduce your request rate.", status: 503)
}
