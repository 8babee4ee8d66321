import CSQLite
import Glibc

extension Connection {
    /// Pages of the write-ahead log, and how many of them the database has.
    struct LogState {
        let logged: Int
        let moved: Int
    }

    /// Moves the write-ahead log into the database and to the disk as far as readers allow, waiting for nobody.
    ///
    /// `nil` when another connection is at it.
    func moveLog() throws -> LogState? {
        guard let log = try checkpoint(SQLITE_CHECKPOINT_PASSIVE) else { return nil }
        // SQLite syncs only what is the whole log. What is left for that sync would have to wait for all of this.
        if log.moved < log.logged {
            let code = apus_database_file_sync(handle)
            guard code == SQLITE_OK else { throw StorageError(code: code, message: "sync of the database") }
        }
        return log
    }

    /// Between two looks whether the last readers of a log have ended.
    private static let pause = Duration.microseconds(200)

    /// Moves what is left of the log, waits for those who read it, and has the next commit begin it anew.
    ///
    /// - Returns: false when readers did not end in time.
    func restartLog(waiting limit: Duration) throws -> Bool {
        // SQLite's own pauses would soon be many times as long as a read.
        let looks = UnsafeMutableRawPointer(bitPattern: Int(limit / Self.pause))
        sqlite3_busy_handler(
            handle,
            { looks, count in
                guard count < Int(bitPattern: looks) else { return 0 }
                usleep(useconds_t(Connection.pause / .microseconds(1)))
                return 1
            }, looks)
        defer { sqlite3_busy_timeout(handle, Self.patience) }
        return try checkpoint(SQLITE_CHECKPOINT_RESTART) != nil
    }

    private func checkpoint(_ mode: Int32) throws -> LogState? {
        var (logged, moved): (Int32, Int32) = (0, 0)
        let code = sqlite3_wal_checkpoint_v2(handle, nil, mode, &logged, &moved)
        if code & 0xff == SQLITE_BUSY { return nil }
        guard code == SQLITE_OK else {
            throw StorageError(code: code, message: String(cString: sqlite3_errmsg(handle)))
        }
        return LogState(logged: Int(logged), moved: Int(moved))
    }
}
