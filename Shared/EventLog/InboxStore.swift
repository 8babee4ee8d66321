import Storage

extension Transaction {
    /// True the first time a position of `source` is offered: apply the event in this same transaction.
    ///
    /// Events come in the order of their positions, so the highest one accepted tells which were.
    public func acceptOnce(_ source: String, _ cursor: EventCursor) throws -> Bool {
        if let known = try self.cursor(of: source), known.log == cursor.log, known.position >= cursor.position {
            return false
        }
        try moveCursor(of: source, to: cursor)
        return true
    }

    func moveCursor(of source: String, to cursor: EventCursor) throws {
        try execute("INSERT OR REPLACE INTO inbox VALUES (?, ?, ?)", source, cursor.log, cursor.position)
    }
}

extension Snapshot {
    /// How far this owner has applied the events of `source`.
    public func cursor(of source: String) throws -> EventCursor? {
        try first("SELECT log, position FROM inbox WHERE source = ?", source) { row in
            EventCursor(log: try row[0], position: try row[1])
        }
    }
}
