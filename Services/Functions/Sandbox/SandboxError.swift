import Glibc

/// Why an execution environment could not be had.
public enum SandboxError: Error, Equatable, CustomStringConvertible {
    /// A system call of the supervisor failed.
    case system(String, Int32)
    /// A zygote or an environment said, in words, which step failed.
    case refused(String)
    /// The zygote or environment ended before it answered.
    case ended
    /// The start order does not fit into one message.
    case orderTooLong

    public var description: String {
        switch self {
        case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
        case .refused(let reason): reason
        case .ended: "the process ended before it answered"
        case .orderTooLong: "the start order is longer than one message"
        }
    }
}
