import CSQLite

/// Why a read or write did not happen. After any of these nothing of the write is stored, except as noted.
public enum StorageError: Error, Sendable, Equatable {
    /// Another connection held the database for longer than the busy time-out.
    case busy
    /// The disk, or the database's page limit, is full. The database works again when there is space.
    case full
    case constraint(Constraint, message: String)
    /// The file is damaged or no database.
    case corrupt(message: String)
    /// `close()` was called.
    case closed
    /// Another process owns the database. SQLite has one owner; a second replica needs a shared engine.
    case inUse(path: String, owner: String)
    /// The recorded migrations are not a prefix of the given ones.
    case migration(message: String)
    /// A `NULL` was read as a type that is not optional, or a value does not fit its type.
    case column(index: Int, message: String)
    /// Anything else: SQLite's extended result code. A failed sync leaves the outcome unknown.
    case failure(code: Int32, message: String)

    public enum Constraint: Sendable, Equatable {
        case unique, notNull, check, foreignKey, other
    }
}

extension StorageError {
    /// Translates SQLite's extended result code.
    init(code: Int32, message: String) {
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
        case SQLITE_FULL: self = .full
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt(message: message)
        case SQLITE_CONSTRAINT: self = .constraint(Constraint(code: code), message: message)
        default: self = .failure(code: code, message: message)
        }
    }
}

extension StorageError.Constraint {
    // SQLITE_CONSTRAINT_* are function-like macros, which Swift does not import: code = kind << 8 | 19.
    init(code: Int32) {
        switch code >> 8 {
        case 6, 8, 10: self = .unique  // PRIMARYKEY, UNIQUE, ROWID
        case 5: self = .notNull
        case 1: self = .check
        case 3: self = .foreignKey
        default: self = .other
        }
    }
}

extension StorageError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .busy: "database is busy"
        case .full: "no space left for the database"
        case .constraint(_, let message): message
        case .corrupt(let message): "database is damaged: \(message)"
        case .closed: "database is closed"
        case .inUse(let path, let owner): "\(path) is in use by \(owner): a SQLite database has one owner"
        case .migration(let message): message
        case .column(let index, let message): "column \(index): \(message)"
        case .failure(let code, let message): "SQLite error \(code): \(message)"
        }
    }
}
