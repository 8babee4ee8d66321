import Synchronization

/// The one thread that writes: whatever queued while the disk was syncing goes into the next commit.
final class Writer: Sendable {
    private struct Queue {
        var requests: [WriteRequest] = []
        var isClosed = false
    }

    private let queue = Mutex(Queue())
    private let counted = Mutex(CommitCounts())
    let observers = CommitObservers()
    private let wakeUp = WakeUp()
    private let thread: Mutex<WorkThread?> = Mutex(nil)
    private static let batchLimit = 1024

    /// The thread owns `connection` from here on, and lives until `close()`.
    init(on connection: Connection, checkpointer: Checkpointer) throws {
        let started = try WorkThread { [self] in run(connection, checkpointer) }
        thread.withLock { $0 = started }
    }

    var counts: CommitCounts { counted.withLock { $0 } }

    /// Queues a write. The thread sleeps only when the queue is empty, so only the first needs to wake it.
    func submit(_ request: WriteRequest) {
        let (accepted, first) = queue.withLock { queue in
            guard !queue.isClosed else { return (false, false) }
            queue.requests.append(request)
            return (true, queue.requests.count == 1)
        }
        guard accepted else { return request.refuse(.closed) }
        if first { wakeUp.signal() }
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
        while let batch = nextBatch() {
            var group = Batch(on: connection, observers: observers)
            group.commit(batch)
            counted.withLock { $0.add(batch) }
            checkpointer.logReached(connection.logPages, on: connection)
        }
    }

    /// `nil` once closed and empty.
    private func nextBatch() -> [WriteRequest]? {
        while true {
            let (batch, isClosed) = queue.withLock { queue in
                let batch = Array(queue.requests.prefix(Self.batchLimit))
                queue.requests.removeFirst(batch.count)
                return (batch, queue.isClosed)
            }
            if !batch.isEmpty { return batch }
            if isClosed { return nil }
            wakeUp.wait()
        }
    }
}

/// What group commit makes of many writes.
public struct CommitCounts: Sendable {
    /// Each is one sync.
    public private(set) var commits = 0
    public private(set) var writes = 0

    mutating func add(_ batch: [WriteRequest]) {
        commits += 1
        writes += batch.count
    }
}
