import CSandbox
import Glibc

/// A file descriptor that closes with its last reference.
public final class OwnedDescriptor: Sendable {
    public let number: Int32

    /// Takes over `number`.
    public init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// Another descriptor of the same thing, for an owner of its own.
    public func duplicate() -> Int32 { fcntl(number, F_DUPFD_CLOEXEC, 0) }

    /// Both ends of a close-on-exec pipe; the reading end does not block.
    static func pipe() throws(SandboxError) -> (reading: OwnedDescriptor, writing: OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard apus_pipe(&ends) == 0 else { throw .system("pipe2", errno) }
        return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
    }
}
