import CSQLite
import Time

/// A type that is stored in one column.
///
/// Raw-valued types adopt it with an empty extension: `extension QueueKind: SQLValue {}`.
public protocol SQLValue {
    func bind(to parameter: SQLParameter) throws
    init(from column: SQLColumn) throws
}

/// One `?` of a statement, numbered from the left.
public struct SQLParameter {
    let statement: OpaquePointer
    let index: Int32

    public func setNull() throws { try check(sqlite3_bind_null(statement, index)) }
    public func set(_ value: Int64) throws { try check(sqlite3_bind_int64(statement, index, value)) }
    public func set(_ value: Double) throws { try check(sqlite3_bind_double(statement, index, value)) }

    /// Stores UTF-8 text.
    public func set(_ value: String) throws {
        var value = value
        try value.withUTF8 { text in
            try text.withMemoryRebound(to: CChar.self) { text in
                // An empty string may have no address, and SQLite reads that as NULL.
                let start = text.baseAddress ?? UnsafePointer(emptyBlob)
                try check(
                    sqlite3_bind_text64(
                        statement, index, start, UInt64(text.count), copied, UInt8(SQLITE_UTF8)))
            }
        }
    }

    /// Stores a blob.
    public func set(_ bytes: UnsafeRawBufferPointer) throws {
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
            return try check(sqlite3_bind_zeroblob(statement, index, 0))
        }
        try check(sqlite3_bind_blob64(statement, index, start, UInt64(bytes.count), copied))
    }

    private func check(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        throw StorageError(code: code, message: "parameter \(index): " + String(cString: sqlite3_errstr(code)))
    }
}

/// SQLITE_TRANSIENT, a cast macro that Swift does not import: SQLite copies the bytes before it returns.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
private nonisolated(unsafe) let emptyBlob = UnsafeMutablePointer<CChar>.allocate(capacity: 1)

/// One column of the current row; valid until the row callback returns.
public struct SQLColumn {
    let statement: OpaquePointer
    let index: Int32

    public var isNull: Bool { sqlite3_column_type(statement, index) == SQLITE_NULL }
    public var int64: Int64 { sqlite3_column_int64(statement, index) }
    public var double: Double { sqlite3_column_double(statement, index) }

    /// The blob or UTF-8 text in SQLite's memory, without a copy.
    @inlinable
    public func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T { try body(bytes) }

    @usableFromInline var bytes: UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(statement, index)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index)))
    }

    func requireValue() throws {
        if isNull { throw error("NULL is not allowed here") }
    }

    /// What `init(from:)` throws when the stored value does not fit.
    public func error(_ message: String) -> StorageError { .column(index: Int(index), message: message) }
}

extension Int64: SQLValue {
    public func bind(to parameter: SQLParameter) throws { try parameter.set(self) }
    public init(from column: SQLColumn) throws {
        try column.requireValue()
        self = column.int64
    }
}

extension Int: SQLValue {
    public func bind(to parameter: SQLParameter) throws { try parameter.set(Int64(self)) }
    public init(from column: SQLColumn) throws { self = Int(try Int64(from: column)) }
}

extension Bool: SQLValue {
    public func bind(to parameter: SQLParameter) throws { try parameter.set(Int64(self ? 1 : 0)) }
    public init(from column: SQLColumn) throws { self = try Int64(from: column) != 0 }
}

extension Double: SQLValue {
    public func bind(to parameter: SQLParameter) throws { try parameter.set(self) }
    public init(from column: SQLColumn) throws {
        try column.requireValue()
        self = column.double
    }
}

extension String: SQLValue {
    public func bind(to parameter: SQLParameter) throws { try parameter.set(self) }
    public init(from column: SQLColumn) throws {
        try column.requireValue()
        self = column.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}

extension [UInt8]: SQLValue {
    public func bind(to parameter: SQLParameter) throws { try withUnsafeBytes { try parameter.set($0) } }
    public init(from column: SQLColumn) throws {
        try column.requireValue()
        self = column.withBytes { [UInt8]($0) }
    }
}

/// Stored as milliseconds since 1970.
extension Timestamp: SQLValue {
    public func bind(to parameter: SQLParameter) throws { try parameter.set(milliseconds) }
    public init(from column: SQLColumn) throws { self.init(milliseconds: try Int64(from: column)) }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    public func bind(to parameter: SQLParameter) throws {
        guard let value = self else { return try parameter.setNull() }
        try value.bind(to: parameter)
    }
    public init(from column: SQLColumn) throws { self = column.isNull ? nil : try Wrapped(from: column) }
}

extension SQLValue where Self: RawRepresentable, RawValue: SQLValue {
    public func bind(to parameter: SQLParameter) throws { try rawValue.bind(to: parameter) }
    public init(from column: SQLColumn) throws {
        let raw = try RawValue(from: column)
        guard let value = Self(rawValue: raw) else { throw column.error("\(raw) is no \(Self.self)") }
        self = value
    }
}
