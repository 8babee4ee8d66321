import Synchronization

/// Moves the write-ahead log into the database off the commit path, so that no commit waits for it.
final class Checkpointer: Sendable {
    private struct State {
        var isRequested = false
        var isClosed = false
        var lastError: StorageError?
    }

    private let state = Mutex(State())
    private let wakeUp = WakeUp()
    private let thread: Mutex<WorkThread?> = Mutex(nil)
    private let pageLimit: Int

    /// The thread owns `connection` from here on, and lives until `close()`.
    init(on connection: Connection, pageLimit: Int) throws {
        self.pageLimit = pageLimit
        let started = try WorkThread { [self] in run(connection) }
        thread.withLock { $0 = started }
    }

    var lastError: StorageError? { state.withLock { $0.lastError } }

    /// Called by the writer between commits, with its own connection.
    func logReached(_ pages: Int, on connection: Connection) {
        guard pages >= pageLimit else { return }
        if pages >= pageLimit * 4 {
            // Under constant writing the background never reaches the log's end, and only then can the log start
            // over. Here nobody writes, and most pages are moved already.
            return checkpoint(on: connection)
        }
        let first = state.withLock { state in
            defer { state.isRequested = true }
            return !state.isRequested
        }
        if first { wakeUp.signal() }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        wakeUp.signal()
        thread.withLock { $0.take() }?.join()
    }

    private func run(_ connection: Connection) {
        while true {
            wakeUp.wait()
            if state.withLock({ $0.isClosed }) { return }
            checkpoint(on: connection)
            state.withLock { $0.isRequested = false }
        }
    }

    private func checkpoint(on connection: Connection) {
        let outcome = Result { try connection.checkpoint() }
        state.withLock { state in
            switch outcome {
            case .success: state.lastError = nil
            case .failure(let error): state.lastError = StorageError(error)
            }
        }
    }
}
