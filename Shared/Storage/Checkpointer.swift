import Glibc
import Synchronization
import Threads

/// Moves the write-ahead log into the database off the commit path, so that no commit waits long for it.
final class Checkpointer: Sendable {
    fileprivate struct State {
        var log: LogProgress
        var counts = LogCounts()
        var isClosed = false
        var isWriterWaiting = false
        var lastError: StorageError?
    }

    fileprivate let state: Mutex<State>
    private let wakeUp = WakeUp()
    private let passEnded = WakeUp()
    private let watch: WorkWatch
    private let thread: Mutex<WorkThread?> = Mutex(nil)
    /// How long the writer waits for readers, whose reads are short.
    private static let patience = Duration.milliseconds(10)

    /// The thread owns `connection` from here on, and lives until `close()`.
    init(on connection: Connection, pageLimit: Int, watch: WorkWatch) throws {
        self.watch = watch
        state = Mutex(State(log: LogProgress(limit: pageLimit)))
        let started = try WorkThread(named: "checkpointer") { [self] in run(connection) }
        thread.withLock { $0 = started }
    }

    var lastError: StorageError? { state.withLock { $0.lastError } }

    var counts: LogCounts { state.withLock { $0.counts } }

    /// Called by the writer between commits, with its own connection.
    func logReached(_ pages: Int, on connection: Connection) {
        var stop = Duration.zero
        loop: while true {
            switch state.withLock({ $0.nextStep(pages) }) {
            case .goOn: break loop
            case .move: wakeUp.signal()
            case .wait(let limit):
                if stop >= limit { break loop }
                stop += watch.time(.waiting) { passEnded.wait(upTo: limit - stop) }.time
            case .restart:
                stop += watch.time(.restart) { restartLog(on: connection) }.time
                break loop
            }
        }
        if stop > .zero { state.withLock { $0.counts.addStop(stop) } }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        wakeUp.signal()
        thread.withLock { $0.take() }?.join()
    }

    private func run(_ connection: Connection) {
        while true {
            wakeUp.wait()
            let (isClosed, generation) = state.withLock { ($0.isClosed, $0.log.generation) }
            if isClosed { return }
            let outcome = watch.time(.moving) { Result { try connection.moveLog() } }.result
            let isAwaited = state.withLock { state in
                state.note(outcome)
                state.counts.passes += 1
                state.log.passed((try? outcome.get()) ?? nil, generation: generation)
                defer { state.isWriterWaiting = false }
                return state.isWriterWaiting
            }
            if isAwaited { passEnded.signal() }
        }
    }

    private func restartLog(on connection: Connection) {
        let outcome = Result { try connection.restartLog(waiting: Self.patience) }
        let isDone = (try? outcome.get()) ?? false
        state.withLock { state in
            state.note(outcome)
            state.counts.addRestart(isDone, pages: state.log.missing)
            state.log.restarted(isDone)
        }
    }
}

extension Checkpointer.State {
    fileprivate mutating func nextStep(_ pages: Int) -> LogProgress.Step {
        let step = log.logReached(pages)
        if case .wait = step { isWriterWaiting = true }
        return step
    }

    fileprivate mutating func note<T>(_ outcome: Result<T, any Error>) {
        switch outcome {
        case .success: lastError = nil
        case .failure(let error): lastError = StorageError(error)
        }
    }
}
