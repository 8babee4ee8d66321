/// Group commit: every request in a savepoint of its own, one commit and one sync for all of them.
struct Batch {
    private let connection: Connection
    private let observers: CommitObservers
    private let watch: WorkWatch
    private var outcomes: [WriteRequest.Outcome] = []
    private var hooks: [@Sendable () -> Void] = []
    private var topics: Set<String> = []
    private var summaries = CommitSummaries()
    /// What broke the transaction: it takes the whole batch with it.
    private var failure: StorageError?
    /// Writes that had their turn.
    private(set) var count = 0
    /// What a commit without prompt writes takes together, before somebody comes who is in a hurry.
    private static let backgroundTime = Duration.milliseconds(5)

    init(on connection: Connection, observers: CommitObservers, watch: WorkWatch) {
        self.watch = watch
        self.connection = connection
        self.observers = observers
    }

    /// - Parameter background: the next write that is in no hurry, if there is one.
    mutating func commit(_ requests: [WriteRequest], background: () -> WriteRequest?) {
        attempt(.beginWriting)
        watch.time(.writes) { runAll(requests, background) }
        if failure == nil { storeSummaries() }
        if failure == nil { watch.time(.commit) { attempt(.commit) } }
        observers.noteCommit()
        if failure != nil, connection.isInTransaction { try? connection.perform(.rollback) }
        if failure == nil { announce() }
        for outcome in outcomes { outcome.answer(failure) }
    }

    private mutating func runAll(_ requests: [WriteRequest], _ background: () -> WriteRequest?) {
        let start = ContinuousClock.now
        for request in requests { run(request) }
        let end = ContinuousClock.now
        let time = requests.isEmpty ? Self.backgroundTime : end - start
        while let request = background() {
            run(request)
            if ContinuousClock.now - end >= time { break }
        }
    }

    private mutating func run(_ request: WriteRequest) {
        count += 1
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
            summaries.add(transaction.summaries)
        }
        // Also fails when SQLite itself rolled back inside the body, as after an I/O error.
        if failure == nil { attempt(.release) }
    }

    private mutating func storeSummaries() {
        let transaction = Transaction(on: connection, observers: observers)
        do { try summaries.store(in: transaction) } catch { failure = StorageError(error) }
        transaction.invalidate()
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
