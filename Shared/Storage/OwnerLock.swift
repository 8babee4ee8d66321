import Glibc

/// Keeps a second process from opening the database.
///
/// A file of its own: closing any descriptor of the database file itself would drop SQLite's POSIX locks.
/// The kernel releases the lock with the process, so nothing is left to clean up after a crash.
struct OwnerLock: ~Copyable {
    private let descriptor: Int32

    init(for path: String) throws {
        descriptor = open("\(path)-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError.opening("\(path)-lock") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let owner = Self.owner(descriptor)
            close(descriptor)
            throw StorageError.inUse(path: path, owner: owner)
        }
        let pid = Array("process \(getpid())".utf8)
        ftruncate(descriptor, 0)
        pwrite(descriptor, pid, pid.count, 0)
    }

    deinit { close(descriptor) }

    private static func owner(_ descriptor: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &text, text.count, 0)
        return count > 0 ? String(decoding: text.prefix(count), as: UTF8.self) : "another process"
    }
}

extension StorageError {
    static func opening(_ path: String) -> StorageError {
        errno == ENOSPC || errno == EDQUOT
            ? .full : .failure(code: 14, message: "\(path): \(String(cString: strerror(errno)))")
    }
}
