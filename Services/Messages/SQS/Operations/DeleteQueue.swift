import ServiceKit

/// Deletes a queue with everything in it.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html)
struct DeleteQueue: AWSOperation {
    /// For so long after a deletion no queue may have the name.
    static let nameQuarantine = Duration.seconds(60)

    let queues: QueueStore

    func permissions(for input: QueueInput, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: QueueInput, in call: Call) async throws -> NoOutput {
        let address = try input.queueURL.address(in: call)
        try await queues.change(address) { transaction in
            let queue = try transaction.requireQueue(at: address)
            // Receivers that wait learn that there is nothing to wait for.
            transaction.afterCommit { queues.bell.ring(queue.id, messages: .max) }
            try transaction.markDeleted(queue, at: call.now)
        }
        return NoOutput()
    }
}
