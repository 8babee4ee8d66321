import Synchronization

/// Read-only connections: opened as they are first needed, lent to one reader at a time.
final class ReaderPool: Sendable {
    private struct State {
        var free: [Connection] = []
        var opened = 0
        var waiters: [CheckedContinuation<Connection, any Error>] = []
        var isClosed = false
        var uses = 0
        /// `uses` at the last look whether somebody reads.
        var usesSeen = 0
        var isReleased = true
    }

    private enum Next {
        case use(Connection)
        case open
        case wait
    }

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

    /// Empties the caches, if nobody has read since the last call and they are not empty already.
    func releaseIdleMemory() {
        let idle = state.withLock { state -> [Connection] in
            let isIdle = state.uses == state.usesSeen && !state.isReleased
            if state.uses != state.usesSeen { state.isReleased = false }
            state.usesSeen = state.uses
            guard isIdle else { return [] }
            state.isReleased = true
            defer { state.free = [] }
            return state.free
        }
        guard !idle.isEmpty else { return }
        for connection in idle {
            connection.releaseMemory()
            giveBack(connection)
        }
        file.releaseMemory()
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
        try state.withLock { state in
            guard !state.isClosed else { throw StorageError.closed }
            state.uses &+= 1
            // The one used last has the warmest cache.
            if let connection = state.free.popLast() { return .use(connection) }
            guard state.opened < limit else { return .wait }
            state.opened += 1
            return .open
        }
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
