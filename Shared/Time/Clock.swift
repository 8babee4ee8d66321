import Synchronization

/// Where a service reads the time and sleeps, so that tests can turn the hands.
public protocol WallClock: Sendable {
    var now: Timestamp { get }
    /// Returns at `deadline`, or throws `CancellationError`.
    func sleep(until deadline: Timestamp) async throws
}

/// The machine's clock.
public struct SystemClock: WallClock {
    public init() {}
    public var now: Timestamp { .now() }
    public func sleep(until deadline: Timestamp) async throws {
        let left = deadline - now
        if left > .zero { try await Task.sleep(for: left) }
    }
}

/// A clock that stands still until a test advances it; sleepers wake in the order of their deadlines.
public final class ManualClock: WallClock {
    private struct Sleeper {
        let deadline: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }
    private struct State {
        var now: Timestamp
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
    }
    private let state: Mutex<State>

    public init(at now: Timestamp = Timestamp(seconds: 1_700_000_000)) { state = Mutex(State(now: now)) }

    public var now: Timestamp { state.withLock { $0.now } }

    /// How many callers are asleep: lets a test wait until its subject has reached its timer.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    public func sleep(until deadline: Timestamp) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if deadline <= state.now { return .success(()) }
                    state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
