import Sandbox
import ServiceKit
import Synchronization

/// Ends an environment at its function's time-out, unless it is stopped before.
final class ExecutionTimer: Sendable {
    private enum State { case running, stopped, fired }

    let deadline: Timestamp
    private let state: Shared
    private let task: Task<Void, Never>

    /// Its own object, so that the task does not hold the timer.
    private final class Shared: Sendable {
        let value = Mutex(State.running)
    }

    init(_ environment: ExecutionEnvironment, limit: Duration, clock: any WallClock) {
        let deadline = clock.now + limit
        let state = Shared()
        (self.deadline, self.state) = (deadline, state)
        task = Task {
            guard (try? await clock.sleep(until: deadline)) != nil else { return }
            let isDue = state.value.withLock { value in
                guard value == .running else { return false }
                value = .fired
                return true
            }
            if isDue { environment.kill() }
        }
    }

    /// Whether it had ended the environment.
    func stop() -> Bool {
        task.cancel()
        return state.value.withLock { value in
            defer { if value == .running { value = .stopped } }
            return value == .fired
        }
    }
}
