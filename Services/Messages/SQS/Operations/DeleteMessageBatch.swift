import ServiceKit

/// Takes up to ten received messages out of their queue.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html)
struct DeleteMessageBatch: AWSOperation {
    struct Entry: BatchEntry {
        static let shapeName = "DeleteMessageBatchRequestEntry"
        let id: String
        let receiptHandle: String

        init(_ member: Members) throws {
            id = try member("Id")
            receiptHandle = try member("ReceiptHandle")
        }
    }

    struct Input: InputShape {
        let queueURL: QueueURL
        let batch: Batch<Entry>

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            batch = try member("Entries")
        }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission("sqs:DeleteMessage", on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> BatchOutcome<BatchSuccess> {
        try input.batch.check()
        let queue = try await queues.queue(at: input.queueURL.address(in: call))
        return try await queues.write { transaction in
            if queue.attributes.isFIFO { transaction.afterCommit { queues.bell.ring(queue.id, messages: 10) } }
            var outcome = BatchOutcome<BatchSuccess>()
            for entry in input.batch.entries {
                try outcome.add(entry.id) {
                    let handle = try ReceiptHandle(entry.receiptHandle, for: queue)
                    try transaction.delete(handle, from: queue, at: call.now)
                    return BatchSuccess(id: entry.id)
                }
            }
            return outcome
        }
    }
}
