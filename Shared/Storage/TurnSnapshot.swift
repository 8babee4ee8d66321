import Threads

/// The snapshot that all reads of a thread's turn share, until something is committed: reads that arrive together then
/// lock the write-ahead log once.
final class TurnSnapshot: Turn.Guest {
    private let connection: Connection
    private let readers: ReaderPool
    /// How many commits there had been when it was opened; `nil` while it is not.
    private var commits: UInt64?

    init(on connection: Connection, of readers: ReaderPool) {
        self.connection = connection
        self.readers = readers
    }

    /// For one read, which sees at least the first `commits` commits.
    func snapshot(after commits: UInt64) throws -> Snapshot {
        if self.commits != commits {
            try end()
            try connection.beginReading()
            self.commits = commits
        }
        return Snapshot(on: connection, sharedBy: self)
    }

    /// - Throws: when a page could not be read: the next read opens another.
    func readEnded() throws {
        if !connection.isFaultless { try end() }
    }

    func turnEnds() {
        // Whoever read was told already.
        try? end()
        readers.giveBack(connection)
    }

    private func end() throws {
        guard commits != nil else { return }
        commits = nil
        try connection.endReading()
    }
}
