import Glibc
import ServiceKit
import Synchronization

/// Syncs a folder for all who wait for it at once: whoever comes while a sync runs shares the next.
final class DirectorySync: Sendable {
    fileprivate struct State {
        var isRunning = false
        var waiting: [CheckedContinuation<Void, any Error>] = []
    }

    private let path: String
    private let pool: BlockingPool
    private let state = Mutex(State())

    init(_ path: String, pool: BlockingPool) {
        self.path = path
        self.pool = pool
    }

    /// Returns when every name made before the call is durable.
    func sync() async throws {
        try await withCheckedThrowingContinuation { continuation in
            let isFirst = state.withLock { state in
                state.waiting.append(continuation)
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if isFirst { startRound() }
        }
    }

    private func startRound() {
        if !pool.submit({ self.runRounds() }) {
            finish(state.withLock { $0.takeWaiting() }, .failure(StorageError.closed))
        }
    }

    private func runRounds() {
        while true {
            let round = state.withLock { state in
                if state.waiting.isEmpty { state.isRunning = false }
                return state.takeWaiting()
            }
            if round.isEmpty { return }
            finish(round, Result { try syncNow() })
        }
    }

    private func finish(_ round: [CheckedContinuation<Void, any Error>], _ result: Result<Void, any Error>) {
        for continuation in round { continuation.resume(with: result) }
    }

    private func syncNow() throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.last(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError.last(path) }
    }
}

extension DirectorySync.State {
    fileprivate mutating func takeWaiting() -> [CheckedContinuation<Void, any Error>] {
        defer { waiting = [] }
        return waiting
    }
}
