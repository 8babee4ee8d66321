/// Group commit: every request in a savepoint of its own, one commit and one sync for all of them.
struct Batch {
    private let connection: Connection
    private let observers: CommitObservers
    private var outcomes: [WriteRequest.Outcome] = []
    private var hooks: [@Sendable () -> Void] = []
    private var topics: Set<String> = []
    /// What broke the transaction: it takes the whole batch with it.
    private var failure: StorageError?

    init(on connection: Connection, observers: CommitObservers) {
        self.connection = connection
        self.observers = observers
    }

    mutating func commit(_ requests: [WriteRequest]) {
        attempt(.beginWriting)
        for request in requests { run(request) }
        if failure == nil { attempt(.commit) }
        if failure != nil, connection.isInTransaction { try? connection.perform(.rollback) }
        if failure == nil { announce() }
        for outcome in outcomes { outcome.answer(failure) }
    }

    private mutating func run(_ request: WriteRequest) {
        if failure == nil { attempt(.savepoint) }
        if let failure { return request.refuse(failure) }
        let transaction = Transaction(on: connection, observers: observers)
        let outcome = request.run(transaction)
        transaction.invalidate()
        outcomes.append(outcome)
        if outcome.failed {
            attempt(.undo)
        } else {
            hooks += transaction.commitHooks
            topics.formUnion(transaction.topics)
        }
        // Also fails when SQLite itself rolled back inside the body, as after an I/O error.
        if failure == nil { attempt(.release) }
    }

    private func announce() {
        for hook in hooks { hook() }
        for topic in topics { observers.tell(topic) }
    }

    private mutating func attempt(_ step: TransactionStep) {
        do { try connection.perform(step) } catch { failure = StorageError(error) }
    }
}

extension StorageError {
    /// SQLite's errors as they are.
    init(_ error: any Error) {
        self = error as? StorageError ?? .failure(code: 1, message: String(describing: error))
    }
}
