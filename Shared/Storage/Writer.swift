import Synchronization
import Threads

/// The one thread that writes: whatever queued while the disk was syncing goes into the next commit.
final class Writer: Sendable {
    private struct Queue {
        var requests: [WriteRequest] = []
        var background: [WriteRequest] = []
        var isClosed = false
        var isToRelease = false

        var count: Int { requests.count + background.count }
    }

    private let queue = Mutex(Queue())
    private let use = Mutex(WriterUse())
    private let counted = Mutex(CommitCounts())
    let observers = CommitObservers()
    private let watch: WorkWatch
    private let wakeUp = WakeUp()
    private let thread: Mutex<WorkThread?> = Mutex(nil)
    private static let batchLimit = 1024

    /// The thread owns `connection` from here on, and lives until `close()`.
    init(on connection: Connection, checkpointer: Checkpointer, watch: WorkWatch) throws {
        self.watch = watch
        let started = try WorkThread(named: "writer") { [self] in run(connection, checkpointer) }
        thread.withLock { $0 = started }
    }

    /// Grows with each commit, before anybody is told of it.
    var commitNumber: UInt64 { observers.commitNumber }

    var counts: CommitCounts { counted.withLock { $0 } }

    /// Queues a write. The thread sleeps only when the queue is empty, so only the first needs to wake it.
    func submit(_ request: WriteRequest, _ urgency: WriteUrgency) {
        let (accepted, first) = queue.withLock { queue in
            guard !queue.isClosed else { return (false, false) }
            if urgency == .prompt { queue.requests.append(request) } else { queue.background.append(request) }
            return (true, queue.count == 1)
        }
        guard accepted else { return request.refuse(.closed) }
        if first { wakeUp.signal() }
    }

    /// Calls `body` once there is memory worth giving back, and again after each time it was given back.
    func observeUse(_ body: @escaping @Sendable () -> Void) { use.withLock { $0.observer = body } }

    /// Has the thread drop the pages it keeps before the next commit, if there were only few writes since the last call
    /// and the pages are not few.
    ///
    /// - Returns: whether they are few from now on.
    func releaseIdleMemory() -> Bool {
        let (release, isReleased) = use.withLock { ($0.takeIdle(), $0.isSmall) }
        if release {
            queue.withLock { $0.isToRelease = true }
            wakeUp.signal()
        }
        return isReleased
    }

    /// Finishes what is queued, then ends the thread.
    func close() {
        let wasOpen = queue.withLock { queue in
            defer { queue.isClosed = true }
            return !queue.isClosed
        }
        guard wasOpen else { return }
        wakeUp.signal()
        thread.withLock { $0 }?.join()
    }

    private func run(_ connection: Connection, _ checkpointer: Checkpointer) {
        while let batch = nextBatch(connection) {
            var group = Batch(on: connection, observers: observers, watch: watch)
            group.commit(batch) { nextInBackground() }
            counted.withLock { $0.add(writes: group.count) }
            use.withLock { $0.note(writes: group.count, cache: connection.cacheBytes) }?()
            checkpointer.logReached(connection.logPages, on: connection)
        }
    }

    /// The prompt writes of the next commit; `nil` once closed and empty.
    private func nextBatch(_ connection: Connection) -> [WriteRequest]? {
        while true {
            let (batch, isIdle, isClosed, isToRelease) = queue.withLock { queue in
                let batch = Array(queue.requests.prefix(Self.batchLimit))
                queue.requests.removeFirst(batch.count)
                defer { queue.isToRelease = false }
                return (batch, batch.isEmpty && queue.background.isEmpty, queue.isClosed, queue.isToRelease)
            }
            if isToRelease {
                connection.releaseMemory()
                use.withLock { $0.noteReleased() }
            }
            if !isIdle { return batch }
            if isClosed { return nil }
            wakeUp.wait()
        }
    }

    private func nextInBackground() -> WriteRequest? {
        queue.withLock { $0.background.isEmpty ? nil : $0.background.removeFirst() }
    }
}

/// How soon a write is wanted.
public enum WriteUrgency: Sendable {
    /// By the next commit: somebody waits for it.
    case prompt
    /// Beside the prompt ones: a commit gives such writes as much time as the prompt ones took, so that nobody waits
    /// more than twice as long for them, and at least one its turn.
    case background
}

/// What group commit makes of many writes.
public struct CommitCounts: Sendable {
    /// Each is one sync.
    public private(set) var commits = 0
    public private(set) var writes = 0

    mutating func add(writes count: Int) {
        commits += 1
        writes += count
    }
}
