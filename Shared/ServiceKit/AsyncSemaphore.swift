import Synchronization

/// Lets a number of tasks run at a time. The others wait in the order they came.
public final class AsyncSemaphore: Sendable {
    /// As many wait as may.
    public struct Full: Error {}

    private struct Waiter: Sendable {
        let ticket: UInt64
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var free: Int
        var waiting: [Waiter] = []
        var tickets: UInt64 = 0
    }

    private let state: Mutex<State>

    /// - Parameter count: how many run at a time.
    public init(count: Int) { state = Mutex(State(free: count)) }

    /// How many wait for their turn.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Runs `body` when its turn has come.
    ///
    /// - Parameter places: how many may wait at a time; `nil` for any number.
    /// - Throws: `Full`; `CancellationError` if the task was cancelled before its turn; what `body` throws.
    public func run<Result>(places: Int? = nil, _ body: () async throws -> Result) async throws -> Result {
        try await enter(places)
        defer { leave() }
        return try await body()
    }

    private func enter(_ places: Int?) async throws {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    // Who cancels comes before or after this: seen here, or found in the list.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.free > 0 {
                        state.free -= 1
                        return .success(())
                    }
                    if let places, state.waiting.count >= places { return .failure(Full()) }
                    state.waiting.append(Waiter(ticket: ticket, continuation: continuation))
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let cancelled = state.withLock { state in
                state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0) }
            }
            cancelled?.continuation.resume(throwing: CancellationError())
        }
    }

    private func leave() {
        let next = state.withLock { state -> Waiter? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.continuation.resume()
    }
}
