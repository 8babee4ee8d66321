import Glibc
import ServiceKit

/// `apus down`: returns when the stack has stopped.
struct Down {
    /// Longer than the stages of a stop together.
    private static let patience: Duration = .seconds(60)

    let stack: Stack

    func run() throws -> Int32 {
        guard stack.isRunning, let state = try SupervisorState.read(stack.statePath) else {
            Terminal.say("The stack in \(stack.dataDirectory) is not running.")
            return 0
        }
        kill(pid_t(state.pid), SIGTERM)
        let end = ContinuousClock.now + Self.patience
        while stack.isRunning {
            guard ContinuousClock.now < end else {
                Terminal.complain("apus: the supervisor (pid \(state.pid)) does not stop")
                return 1
            }
            usleep(10_000)
        }
        return 0
    }
}
