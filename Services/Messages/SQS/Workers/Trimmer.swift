import ServiceKit

/// Deletes what has outlived its retention, and what deleted queues left behind.
struct Trimmer: Sendable {
    /// So many messages go in one transaction: senders and receivers in between do not wait long.
    private static let chunk = 500
    private static let interval = Duration.seconds(60)

    let queues: QueueStore
    let clock: any WallClock

    func run() async throws {
        while !Task.isCancelled {
            try await runOnce()
            try await clock.sleep(until: clock.now + Trimmer.interval)
        }
    }

    func runOnce() async throws {
        let now = clock.now
        for queue in try await queues.read({ try $0.liveQueues() }) {
            let limit = now - .seconds(queue.attributes.retentionSeconds)
            try await repeatedly { try $0.deleteMessages(of: queue.id, sentBefore: limit, limit: Trimmer.chunk) }
        }
        for queue in try await queues.read({ try $0.deletedQueues() }) {
            try await repeatedly { try $0.deleteMessages(of: queue, until: .max, limit: Trimmer.chunk) }
            try await queues.write { try $0.dropDeduplication(of: queue) }
        }
        try await queues.write { transaction in
            try transaction.dropDeletedQueues(before: now - DeleteQueue.nameQuarantine)
            try transaction.dropExpiredDeduplication(at: now)
        }
    }

    private func repeatedly(_ body: @escaping @Sendable (Transaction) throws -> Int) async throws {
        while try await queues.write(body) == Trimmer.chunk {}
    }
}
