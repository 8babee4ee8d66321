import CSQLite

/// The database file as all its connections use it: its readers find pages in memory, without a call or a copy, and as
/// well after a commit as before it (docs/decisions/0083); and it is synced in slices.
///
/// `@unchecked Sendable`: what changes in it once there are several connections are atomic numbers of the C side.
final class DatabaseFile: @unchecked Sendable {
    private let file: OpaquePointer

    /// Opens or creates the file, with mode 0600, before SQLite sees it; its log files inherit the mode.
    init(path: String, mappedBytes: Int) throws {
        guard let file = apus_database_file_open(path, Int64(mappedBytes)) else { throw StorageError.opening(path) }
        self.file = file
    }

    // Connections hold on to their file, so the last of them is closed.
    deinit { apus_database_file_close(file) }

    /// To be called before the first reader's.
    func prepareToMove(by connection: OpaquePointer) throws {
        try check(apus_database_file_move_by(file, connection))
    }

    func prepareToRead(by connection: OpaquePointer) throws {
        try check(apus_database_file_read_by(file, connection))
    }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else {
            throw StorageError(code: code, message: "database file: \(String(cString: sqlite3_errstr(code)))")
        }
    }

    /// Pages that could not be read so far. What was read while it grew may be wrong.
    var faults: UInt64 { apus_database_file_faults(file) }

    /// Gives the memory back that pages take in this process; they stay in the system's cache.
    func releaseMemory() { apus_database_file_release(file) }
}
