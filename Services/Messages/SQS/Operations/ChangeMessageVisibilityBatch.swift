import ServiceKit

/// Hides up to ten received messages for longer or shorter.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html)
struct ChangeMessageVisibilityBatch: AWSOperation {
    struct Entry: BatchEntry {
        static let shapeName = "ChangeMessageVisibilityBatchRequestEntry"
        let id: String
        let receiptHandle: String
        let visibilityTimeout: Int?

        init(_ member: Members) throws {
            id = try member("Id")
            receiptHandle = try member("ReceiptHandle")
            visibilityTimeout = try member("VisibilityTimeout")
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
        [try await queues.permission("sqs:ChangeMessageVisibility", on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> BatchOutcome<BatchSuccess> {
        try input.batch.check()
        let queue = try await queues.queue(at: input.queueURL.address(in: call))
        return try await queues.write { transaction in
            transaction.afterCommit { queues.bell.ring(queue.id, messages: 10) }
            var outcome = BatchOutcome<BatchSuccess>()
            for entry in input.batch.entries {
                try outcome.add(entry.id) {
                    let seconds = entry.visibilityTimeout ?? queue.attributes.visibilityTimeoutSeconds
                    try VisibilityTimeout.check(seconds)
                    let handle = try ReceiptHandle(entry.receiptHandle, for: queue)
                    try transaction.hide(handle, in: queue, for: .seconds(seconds), at: call.now)
                    return BatchSuccess(id: entry.id)
                }
            }
            return outcome
        }
    }
}
