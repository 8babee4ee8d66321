import ServiceKit

/// Deletes all messages of a queue, those in flight included.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html)
struct PurgeQueue: AWSOperation {
    /// So many messages go in one transaction: others who write in between do not wait long.
    private static let chunk = 500

    let queues: QueueStore

    func permissions(for input: QueueInput, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: QueueInput, in call: Call) async throws -> NoOutput {
        let queue = try await queues.queue(at: input.queueURL.address(in: call))
        let last = try await queues.write { transaction in
            try transaction.requireLive(queue)
            if let previous = try transaction.lastPurge(of: queue), call.now - previous < .seconds(60) {
                throw ServiceError.purgeQueueInProgress(queue.address.name)
            }
            try transaction.recordPurge(of: queue, at: call.now)
            return try transaction.lastMessage(in: queue)
        }
        // What arrives from now on stays.
        while try await queues.write({
            try $0.deleteMessages(of: queue.id, until: last, limit: PurgeQueue.chunk)
        }) == PurgeQueue.chunk {}
        return NoOutput()
    }
}
