import Glibc
import Synchronization

/// Where the process is to die: `APUS_CRASH_AT=<step>` or `<step>:<occurrence>`.
///
/// `disk` counts every call that changes a file; the other steps are named by the workload.
enum CrashPoint {
    private static let wanted: (step: String, occurrence: Int)? = {
        guard let text = getenv("APUS_CRASH_AT").map({ String(cString: $0) }) else { return nil }
        let parts = text.split(separator: ":")
        return (String(parts[0]), parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }()
    private static let reached = Atomic<Int>(0)

    /// Ends the process as `kill -9` does when this is the step and the occurrence asked for.
    static func reach(_ step: String) {
        guard let wanted, wanted.step == step else { return }
        let count = reached.wrappingAdd(1, ordering: .relaxed).newValue
        if count == wanted.occurrence { kill(getpid(), SIGKILL) }
    }
}
