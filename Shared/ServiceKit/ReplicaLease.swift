import Glibc
import Synchronization

/// Which of the replicas that share a data directory does what only one may do.
///
/// A lock of the kernel: it ends with the process that holds it, so the next replica takes over at once after a crash,
/// and never while the holder lives.
final class ReplicaLease: Sendable {
    private static let interval = Duration.milliseconds(200)

    private let path: String
    /// Open while the lease is held.
    private let descriptor = Mutex<Int32?>(nil)

    init(path: String) { self.path = path }

    /// Returns when this process holds the lease, which it then keeps.
    ///
    /// - Throws: `FileBytes.Failure`, `CancellationError`
    func take(clock: any WallClock) async throws {
        while try !isTaken() { try await clock.sleep(until: clock.now + Self.interval) }
    }

    func release() {
        descriptor.withLock { held in
            if let held { close(held) }
            held = nil
        }
    }

    private func isTaken() throws -> Bool {
        try descriptor.withLock { held in
            if held != nil { return true }
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw FileBytes.Failure(path: path, code: errno) }
            if flock(file, LOCK_EX | LOCK_NB) == 0 {
                held = file
            } else {
                close(file)
            }
            return held != nil
        }
    }
}
