import ServiceKit

/// Brings what was noted to the buckets that are to have it, the versions of a key in their order.
struct ReplicationWorker: Sendable {
    private static let batch = 32
    private static let pauseAfterFailure = Duration.seconds(5)

    let store: S3Store
    let client: ServiceClient
    let clock: any WallClock
    let log: Log
    private let signal = WorkSignal()

    init(store: S3Store, client: ServiceClient, clock: any WallClock, log: Log) {
        (self.store, self.client, self.clock, self.log) = (store, client, clock, log)
        store.database.observe(ReplicationTask.topic) { [signal] in signal.signal() }
    }

    func run() async throws {
        var signals = signal.signals.makeAsyncIterator()
        while !Task.isCancelled {
            try await advance()
            let alarm = try await alarm()
            _ = await signals.next()
            alarm?.cancel()
        }
    }

    /// Does all that is due.
    private func advance() async throws {
        while true {
            let isFilling = try await advanceBackfill()
            let now = clock.now
            let due = try await store.read { try $0.replicationTasks(dueAt: now, limit: Self.batch) }
            if due.isEmpty, !isFilling { return }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in due { group.addTask { try await bring(task) } }
                try await group.waitForAll()
            }
        }
    }

    /// Signals when the next task is due; `nil` where none waits.
    private func alarm() async throws -> Task<Void, Never>? {
        guard let due = try await store.read({ try $0.nextReplication() }) else { return nil }
        return Task { [clock, signal] in
            guard (try? await clock.sleep(until: due)) != nil else { return }
            signal.signal()
        }
    }

    private func bring(_ task: Int64) async throws {
        do {
            _ = try await client.call("apus.objects", "ReplicateVersion") { $0.member("Task", task) }
        } catch let error as ServiceError {
            if Task.isCancelled { return }
            log.warning("A version is not replicated yet", ["task": "\(task)", "error": error.message])
            let due = clock.now + Self.pauseAfterFailure
            try await store.database.write { transaction in
                guard let task = try transaction.replicationTask(task) else { return }
                try transaction.postpone(task, until: due, isLate: task.isLate)
            }
        }
    }

    private func advanceBackfill() async throws -> Bool {
        guard let backfill = try await store.read({ try $0.nextBackfill() }) else { return false }
        let now = clock.now
        try await store.write(in: BucketReference(name: backfill.bucket)) { transaction, bucket in
            try transaction.advance(backfill, in: bucket, at: now)
        }
        return true
    }
}
