import Synchronization

/// Read-only connections: opened as they are first needed, lent to one reader at a time.
final class ReaderPool: Sendable {
    fileprivate struct State {
        var free: [Connection] = []
        var opened = 0
        var waiters: [CheckedContinuation<Connection, any Error>] = []
        var isClosed = false
        var uses = 0
        /// `uses` at the last look whether somebody reads.
        var usesSeen = 0
        /// `uses` when memory was last given back.
        var usesAtRelease = 0
        /// Told when there may be memory worth giving back.
        var observer: (@Sendable () -> Void)?

        var isReleased: Bool { uses == usesAtRelease }
    }

    fileprivate enum Next {
        case use(Connection)
        case open
        case wait
    }

    /// Those who only look now and then whether there is something to do read less than this between two looks, and
    /// keep nothing that is worth being given back.
    static let fewUses = 200

    private let state = Mutex(State())
    private let file: DatabaseFile
    private let limit: Int
    private let open: @Sendable () throws -> Connection

    init(_ file: DatabaseFile, limit: Int, open: @escaping @Sendable () throws -> Connection) {
        self.file = file
        self.limit = limit
        self.open = open
    }

    /// Waits its turn when all connections are lent.
    func take() async throws -> Connection {
        if let connection = try takeNow() { return connection }
        return try await withCheckedThrowingContinuation(enqueue)
    }

    /// One that nobody has to be waited for, or `nil`.
    func takeNow() throws -> Connection? {
        switch try next() {
        case .use(let connection): connection
        case .open: try opened()
        case .wait: nil
        }
    }

    func giveBack(_ connection: Connection) {
        let waiter = state.withLock { state -> CheckedContinuation<Connection, any Error>? in
            if state.isClosed { return nil }
            if !state.waiters.isEmpty { return state.waiters.removeFirst() }
            state.free.append(connection)
            return nil
        }
        waiter?.resume(returning: connection)
    }

    /// Calls `body` once there were more than a few reads, and again after each time memory was given back.
    func observeUse(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.observer = body } }

    /// Empties the caches, if there were only few reads since the last call and they are not empty already.
    ///
    /// - Returns: whether they are empty now.
    func releaseIdleMemory() -> Bool {
        let (idle, isReleased) = state.withLock { ($0.takeIdle(), $0.isReleased) }
        guard !idle.isEmpty else { return isReleased }
        for connection in idle {
            connection.releaseMemory()
            giveBack(connection)
        }
        file.releaseMemory()
        return isReleased
    }

    /// Connections still lent are closed when they come back.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            state.free.removeAll()
            defer { state.waiters.removeAll() }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(throwing: StorageError.closed) }
    }

    private func next() throws -> Next {
        let (next, observer) = try state.withLock { state in
            guard !state.isClosed else { throw StorageError.closed }
            return (state.next(limit: limit), state.noteUse())
        }
        observer?()
        return next
    }

    private func opened() throws -> Connection {
        do { return try open() } catch {
            state.withLock { $0.opened -= 1 }
            throw error
        }
    }

    private func enqueue(_ continuation: CheckedContinuation<Connection, any Error>) {
        let answer: Result<Connection, any Error>? = state.withLock { state in
            if state.isClosed { return .failure(StorageError.closed) }
            // One may have come back since `next` looked.
            if let connection = state.free.popLast() { return .success(connection) }
            state.waiters.append(continuation)
            return nil
        }
        if let answer { continuation.resume(with: answer) }
    }
}

extension ReaderPool.State {
    fileprivate mutating func next(limit: Int) -> ReaderPool.Next {
        // The one used last has the warmest cache.
        if let connection = free.popLast() { return .use(connection) }
        guard opened < limit else { return .wait }
        opened += 1
        return .open
    }

    /// All that are free, if few were taken since the last call and they are to be emptied.
    fileprivate mutating func takeIdle() -> [Connection] {
        let isIdle = uses &- usesSeen < ReaderPool.fewUses
        usesSeen = uses
        // While a long read lasts there is nothing to empty yet.
        guard isIdle, !isReleased, !free.isEmpty else { return [] }
        usesAtRelease = uses
        defer { free = [] }
        return free
    }

    /// - Returns: whom to tell that memory is taken.
    fileprivate mutating func noteUse() -> (@Sendable () -> Void)? {
        uses &+= 1
        return uses &- usesAtRelease == ReaderPool.fewUses ? observer : nil
    }
}
