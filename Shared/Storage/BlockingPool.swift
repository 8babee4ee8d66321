import Synchronization
import Threads

/// Threads for calls that may wait for the disk, so that none of Swift's own few threads does.
///
/// Threads are started as they are needed, up to a limit, and wait for work afterwards.
public final class BlockingPool: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var idle = 0
        var threads: [WorkThread] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wakeUp = WakeUp()
    private let limit: Int

    public init(threads limit: Int) { self.limit = limit }

    deinit { close() }

    /// Runs `body` on one of the threads.
    ///
    /// - Throws: what `body` throws; `StorageError.closed` after `close()`.
    public func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = submit { continuation.resume(with: Result { try body() }) }
            if !accepted { continuation.resume(throwing: StorageError.closed) }
        }
    }

    /// Queues `body` and does not wait. False after `close()`.
    @discardableResult
    public func submit(_ body: @escaping @Sendable () -> Void) -> Bool {
        let accepted = state.withLock { state in
            guard !state.isClosed else { return false }
            state.jobs.append(body)
            if state.idle < state.jobs.count, state.threads.count < limit { startThread(&state) }
            return true
        }
        if accepted { wakeUp.signal() }
        return accepted
    }

    /// Finishes what is queued and ends the threads.
    public func close() {
        let threads = state.withLock { state in
            state.isClosed = true
            defer { state.threads = [] }
            return state.threads
        }
        for _ in threads { wakeUp.signal() }
        for thread in threads { thread.join() }
    }

    private func startThread(_ state: inout State) {
        // Without a thread more, the ones there do the work; without any, the next call tries again.
        let loop = PoolLoop(pool: self)
        if let thread = try? WorkThread(named: "blocking", { loop.run() }) { state.threads.append(thread) }
    }

    /// What a thread holds on to: not the pool itself, which would never go away.
    private struct PoolLoop: Sendable {
        weak let pool: BlockingPool?
        let wakeUp: WakeUp

        init(pool: BlockingPool) {
            self.pool = pool
            wakeUp = pool.wakeUp
        }

        func run() {
            while let job = next() { job() }
        }

        private func next() -> (@Sendable () -> Void)? {
            while true {
                switch pool?.nextJob() {
                case .job(let job): return job
                case .wait:
                    wakeUp.wait()
                    pool?.noLongerIdle()
                case .end, nil: return nil
                }
            }
        }
    }

    private enum Next {
        case job(@Sendable () -> Void)
        case wait
        case end
    }

    private func noLongerIdle() { state.withLock { $0.idle -= 1 } }

    private func nextJob() -> Next {
        state.withLock { state in
            if !state.jobs.isEmpty { return .job(state.jobs.removeFirst()) }
            if state.isClosed { return .end }
            state.idle += 1
            return .wait
        }
    }
}
