import CSQLite

/// One write: all of it is stored, or, when its closure throws, nothing.
public final class Transaction: Snapshot {
    private(set) var commitHooks: [@Sendable () -> Void] = []
    private(set) var topics: Set<String> = []
    private(set) var summaries = CommitSummaries()
    private let observers: CommitObservers

    init(on connection: Connection, observers: CommitObservers) {
        self.observers = observers
        super.init(on: connection)
    }

    /// Runs one statement and returns the number of rows it inserted, changed or deleted.
    @discardableResult
    public func execute(_ sql: String, _ values: any SQLValue...) throws -> Int {
        try execute(sql, values: values)
    }

    @discardableResult
    public func execute(_ sql: String, values: [any SQLValue]) throws -> Int {
        let connection = try usableConnection()
        // sqlite3_changes would still tell of the statement before, if this one is no INSERT, UPDATE or DELETE.
        let before = sqlite3_total_changes64(connection.handle)
        try connection.execute(sql, values)
        let total = sqlite3_total_changes64(connection.handle) - before
        return total == 0 ? 0 : Int(sqlite3_changes64(connection.handle))
    }

    /// The rowid of the last row this connection inserted.
    public var lastInsertedRowID: Int64 {
        get throws { sqlite3_last_insert_rowid(try usableConnection().handle) }
    }

    /// Runs `body` on the writer thread once the write is durable, before the writer is answered. It must not block.
    public func afterCommit(_ body: @escaping @Sendable () -> Void) { commitHooks.append(body) }

    /// The write's own part of what its commit stores at its end; forgotten if the write fails.
    public func summary<Summary: CommitSummary>(_ type: Summary.Type) -> Summary { summaries.summary(type) }

    /// Has the observers of `topic` told after the commit: once, however many writes of the batch announce it.
    public func announce(_ topic: String) { topics.insert(topic) }

    /// Has the observers of the type told after the commit, in the order of the commits: for those who keep copies of
    /// what is stored.
    public func tell<News: Sendable>(_ news: News) {
        commitHooks.append { [observers] in observers.tell(news) }
    }
}
