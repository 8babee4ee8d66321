import Glibc

/// Keeps a second process from opening the database, unless both mean to share it.
///
/// A file of its own: closing any descriptor of the database file itself would drop SQLite's POSIX locks.
/// The kernel releases the lock with the process, so nothing is left to clean up after a crash.
struct OwnerLock: ~Copyable {
    private let descriptor: Int32

    init(for path: String, isShared: Bool) throws {
        descriptor = open("\(path)-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError.opening("\(path)-lock") }
        guard flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
            // All is initialized, so `deinit` closes the descriptor though the initializer throws.
            throw StorageError.inUse(path: path, owner: Self.owner(descriptor))
        }
        if isShared { return }
        let pid = Array("process \(getpid())".utf8)
        ftruncate(descriptor, 0)
        pwrite(descriptor, pid, pid.count, 0)
    }

    deinit { unlockAndClose(descriptor) }

    private static func owner(_ descriptor: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &text, text.count, 0)
        return count > 0 ? String(decoding: text.prefix(count), as: UTF8.self) : "another process"
    }
}

/// Held while a shared database is opened and migrated, which SQLite does not allow several processes at once.
struct OpeningTurn {
    private let descriptor: Int32

    /// Waits for its turn.
    init(for path: String) throws {
        descriptor = open("\(path)-opening", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError.opening("\(path)-opening") }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let failure = StorageError.opening("\(path)-opening")
                close(descriptor)
                throw failure
            }
        }
    }

    func end() { unlockAndClose(descriptor) }
}

/// A child that was forked a moment ago shares the lock until it becomes another program: closing alone would leave it
/// held so long.
private func unlockAndClose(_ descriptor: Int32) {
    flock(descriptor, LOCK_UN)
    close(descriptor)
}

extension StorageError {
    static func opening(_ path: String) -> StorageError {
        errno == ENOSPC || errno == EDQUOT
            ? .full : .failure(code: 14, message: "\(path): \(String(cString: strerror(errno)))")
    }
}
