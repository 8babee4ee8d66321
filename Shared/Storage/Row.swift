import CSQLite

/// The current row of a query; valid until the callback returns.
public struct Row {
    let statement: OpaquePointer
    public let columnCount: Int32

    /// The value of the column at `index`, counted from 0.
    ///
    /// - Throws: `StorageError.column` for a `NULL` where `Value` is not optional.
    @inlinable public subscript<Value: SQLValue>(_ index: Int32) -> Value {
        get throws { try Value(from: try column(index)) }
    }

    /// Lends the blob or text at `index` without copying it.
    @inlinable
    public func withBytes<T>(at index: Int32, _ body: (UnsafeRawBufferPointer) throws -> T) throws -> T {
        try column(index).withBytes(body)
    }

    public func isNull(at index: Int32) throws -> Bool { try column(index).isNull }

    /// The column itself, for types that are read in their own way.
    public func column(_ index: Int32) throws -> SQLColumn {
        guard index >= 0, index < columnCount else {
            throw StorageError.column(index: Int(index), message: "the row has \(columnCount) columns")
        }
        return SQLColumn(statement: statement, index: index)
    }
}

/// Whether a scan goes on to the next row.
public enum ScanStep: Sendable { case next, stop }
