import CSQLite

/// A SQLite connection and its prepared statements.
///
/// `@unchecked Sendable`: one thread at a time owns it, which is the writer thread, the checkpoint thread, or the
/// reader that took it out of the pool.
final class Connection: @unchecked Sendable {
    enum Access {
        case readWrite, readOnly
        /// As `readWrite`, for what moves the write-ahead log in the background.
        case moving
    }

    let handle: OpaquePointer
    private let file: DatabaseFile
    /// Of the file, when the reader's snapshot was opened.
    private var faults: UInt64 = 0
    /// Pages in the write-ahead log after the last commit of this connection.
    private(set) var logPages = 0
    private let statements = StatementCache()
    private var transactionSteps = [Statement?](repeating: nil, count: TransactionStep.allCases.count)

    /// Without counts of its memory SQLite takes no lock of the whole process for each allocation. Only before its
    /// first use can it be told.
    private static let isConfigured = apus_sqlite_without_statistics() == SQLITE_OK

    init(_ file: DatabaseFile, path: String, access: Access, options: Database.Options) throws {
        _ = Self.isConfigured
        let flags = access == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        var handle: OpaquePointer?
        // NOMUTEX: see the ownership rule above.
        let code = sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let handle else {
            let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(handle)
            throw StorageError(code: code, message: "\(path): \(message)")
        }
        self.handle = handle
        self.file = file
        sqlite3_busy_timeout(handle, Self.patience)
        if access == .readOnly { try file.prepareToRead(by: handle) }
        if access == .moving { try file.prepareToMove(by: handle) }
        try configure(access, options)
    }

    // Statements keep SQLite's side of the connection, which needs `file`: they go first.
    deinit {
        statements.removeAll()
        transactionSteps.removeAll()
        sqlite3_close_v2(handle)
    }

    /// How long another process may keep a shared database, in milliseconds.
    static let patience: Int32 = 5000

    private func configure(_ access: Access, _ options: Database.Options) throws {
        if access != .readOnly {
            // The page size holds only if set before anything is stored.
            try executeScript(
                """
                PRAGMA page_size=\(options.pageSize); PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
                PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=OFF; PRAGMA foreign_keys=ON;
                """)
            sqlite3_wal_hook(
                handle,
                { context, _, _, pages in
                    guard let context else { return SQLITE_OK }
                    Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().logPages = Int(pages)
                    return SQLITE_OK
                }, Unmanaged.passUnretained(self).toOpaque())
        }
        try executeScript("PRAGMA temp_store=MEMORY; PRAGMA cache_size=-\(options.cacheKiB)")
    }

    func noteFaults() { faults = file.faults }

    /// No mapped page failed since `noteFaults`.
    var isFaultless: Bool { file.faults == faults }

    /// False once SQLite has rolled back by itself, as it may after a full disk or an I/O error.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Runs several statements that take no values: migrations and settings.
    func executeScript(_ sql: String) throws {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else {
            throw StorageError(code: code, message: String(cString: sqlite3_errmsg(handle)))
        }
    }

    func execute(_ sql: String, _ values: [any SQLValue] = []) throws {
        try scan(sql, values) { _ in .next }
    }

    func perform(_ step: TransactionStep) throws {
        let statement = try transactionSteps[step.rawValue] ?? Statement(step.sql, on: handle)
        transactionSteps[step.rawValue] = statement
        defer { statement.rewind() }
        _ = try statement.step(on: handle)
    }

    /// Steps through the rows of `sql`, and resets the statement before it returns.
    func scan(_ sql: String, _ values: [any SQLValue], _ body: (Row) throws -> ScanStep) throws {
        let statement = try prepared(sql)
        statement.isInUse = true
        defer {
            statement.reset()
            statement.isInUse = false
        }
        try statement.bind(values)
        let row = Row(statement: statement.handle, columnCount: statement.columnCount)
        while try statement.step(on: handle) {
            if try body(row) == .stop { return }
        }
    }

    private func prepared(_ sql: String) throws -> Statement {
        if let statement = statements[sql] {
            return statement.isInUse ? try Statement(sql, on: handle) : statement
        }
        let statement = try Statement(sql, on: handle)
        statements.keep(statement, for: sql)
        return statement
    }
}

/// What stands around the statements of reads and writes, kept apart from those: every one of them needs it.
enum TransactionStep: Int, CaseIterable {
    case begin, beginWriting, savepoint, undo, release, commit, rollback

    var sql: String {
        switch self {
        case .begin: "BEGIN"
        case .beginWriting: "BEGIN IMMEDIATE"
        case .savepoint: "SAVEPOINT request"
        case .undo: "ROLLBACK TO request"
        case .release: "RELEASE request"
        case .commit: "COMMIT"
        case .rollback: "ROLLBACK"
        }
    }
}
