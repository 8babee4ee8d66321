import Bytes
import CSandbox
import Glibc

extension OwnedDescriptor {
    /// Both ends of a close-on-exec pipe; the reading end does not block.
    static func pipe() throws(SandboxError) -> (reading: OwnedDescriptor, writing: OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard apus_pipe(&ends) == 0 else { throw .system("pipe2", errno) }
        return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
    }
}
