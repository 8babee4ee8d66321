import Glibc

/// How an execution environment ended.
public enum EnvironmentExit: Sendable, Equatable {
    /// The runtime's process ended by itself.
    case exited(Int32)
    case signalled(Int32)
    /// The kernel killed it at its memory limit.
    case outOfMemory
    /// We ended it.
    case killed
    /// It never became a function: the step that failed.
    case failedToStart(String)

    /// From a wait status as `waitpid` gives it.
    init(status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }

    /// In the words of AWS's `Runtime.ExitError`.
    public var reason: String {
        switch self {
        case .exited(let code): "exit status \(code)"
        case .signalled(let number): "signal: \(Self.name(ofSignal: number))"
        case .outOfMemory, .killed: "signal: killed"
        case .failedToStart(let step): step
        }
    }

    /// Go's words, because Lambda's supervisor is written in it.
    private static func name(ofSignal number: Int32) -> String {
        switch number {
        case SIGABRT: "aborted"
        case SIGBUS: "bus error"
        case SIGFPE: "floating point exception"
        case SIGILL: "illegal instruction"
        case SIGKILL: "killed"
        case SIGPIPE: "broken pipe"
        case SIGSEGV: "segmentation fault"
        case SIGSYS: "bad system call"
        case SIGTERM: "terminated"
        case SIGTRAP: "trace/breakpoint trap"
        default: "signal \(number)"
        }
    }
}
