/// A consistent view of the database: nothing another write commits meanwhile is seen.
///
/// Services extend it with their queries, in their `*Store.swift`. Statements are prepared once and kept by their
/// text, so pass values as parameters, never inside the text. Not to be used after the closure that received it.
public class Snapshot {
    private let connection: Connection
    /// What it is of, where others of the same turn share it.
    let shared: TurnSnapshot?
    private var isOpen = true

    init(on connection: Connection, sharedBy shared: TurnSnapshot? = nil) {
        self.connection = connection
        self.shared = shared
    }

    /// Ends it, and answers the connection it was on.
    @discardableResult
    func invalidate() -> Connection {
        isOpen = false
        return connection
    }

    func usableConnection() throws -> Connection {
        guard isOpen else { throw StorageError.closed }
        return connection
    }

    /// Visits the rows until `body` returns `.stop`.
    public func scan(_ sql: String, values: [any SQLValue], _ body: (Row) throws -> ScanStep) throws {
        try usableConnection().scan(sql, values, body)
    }

    public func scan(_ sql: String, _ values: any SQLValue..., body: (Row) throws -> ScanStep) throws {
        try scan(sql, values: values, body)
    }

    /// All rows, each made into a `T`.
    @inlinable
    public func rows<T>(_ sql: String, values: [any SQLValue], _ body: (Row) throws -> T) throws -> [T] {
        var all: [T] = []
        try scan(sql, values: values) { row in
            all.append(try body(row))
            return .next
        }
        return all
    }

    @inlinable
    public func rows<T>(_ sql: String, _ values: any SQLValue..., body: (Row) throws -> T) throws -> [T] {
        try rows(sql, values: values, body)
    }

    /// The first row, or `nil` when there is none.
    @inlinable
    public func first<T>(_ sql: String, values: [any SQLValue], _ body: (Row) throws -> T) throws -> T? {
        var found: T?
        try scan(sql, values: values) { row in
            found = try body(row)
            return .stop
        }
        return found
    }

    @inlinable
    public func first<T>(_ sql: String, _ values: any SQLValue..., body: (Row) throws -> T) throws -> T? {
        try first(sql, values: values, body)
    }

    /// The first column of the first row, or `nil` when there is no row.
    @inlinable
    public func value<T: SQLValue>(_ sql: String, _ values: any SQLValue..., as type: T.Type = T.self) throws -> T? {
        try first(sql, values: values) { try $0[0] }
    }

    /// Whether the query has any row.
    public func exists(_ sql: String, _ values: any SQLValue...) throws -> Bool {
        try first(sql, values: values) { _ in true } ?? false
    }
}
