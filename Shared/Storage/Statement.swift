import CSQLite

/// A prepared statement, kept for its next use.
final class Statement {
    let handle: OpaquePointer
    let columnCount: Int32
    private let parameterCount: Int
    /// Set while rows are being read: the same SQL inside a row callback needs a statement of its own.
    var isInUse = false
    var lastUse = 0

    init(_ sql: String, on connection: OpaquePointer) throws {
        var sql = sql
        var handle: OpaquePointer?
        let code = sql.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { text in
                sqlite3_prepare_v3(
                    connection, text.baseAddress, Int32(text.count), UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
            }
        }
        guard code == SQLITE_OK, let handle else {
            let message = code == SQLITE_OK ? "empty statement" : String(cString: sqlite3_errmsg(connection))
            throw StorageError(code: code == SQLITE_OK ? SQLITE_MISUSE : code, message: "\(message) in: \(sql)")
        }
        self.handle = handle
        columnCount = sqlite3_column_count(handle)
        parameterCount = Int(sqlite3_bind_parameter_count(handle))
    }

    deinit { sqlite3_finalize(handle) }

    func bind(_ values: [any SQLValue]) throws {
        guard values.count == parameterCount else {
            throw StorageError(
                code: SQLITE_RANGE, message: "\(values.count) values for \(parameterCount) parameters in: \(sql)")
        }
        for (index, value) in values.enumerated() {
            try value.bind(to: SQLParameter(statement: handle, index: Int32(index) + 1))
        }
    }

    /// True for a row, false at the end.
    func step(on connection: OpaquePointer) throws -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw StorageError(
            code: sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)))
    }

    /// Ends the statement's hold on the database and drops the bound values.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    /// For a statement that takes no values.
    func rewind() { sqlite3_reset(handle) }

    private var sql: String { sqlite3_sql(handle).map { String(cString: $0) } ?? "" }
}
