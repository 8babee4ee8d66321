import ServiceKit

/// Takes a received message out of its queue.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html)
struct DeleteMessage: AWSOperation {
    struct Input: InputShape {
        let queueURL: QueueURL
        let receiptHandle: String

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            receiptHandle = try member("ReceiptHandle")
        }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let queue = try await queues.queue(at: input.queueURL.address(in: call))
        let handle = try ReceiptHandle(input.receiptHandle, for: queue)
        try await queues.write { transaction in
            // The next message of a FIFO group may go now.
            if queue.attributes.isFIFO { transaction.afterCommit { queues.bell.ring(queue.id) } }
            try transaction.delete(handle, from: queue, at: call.now)
        }
        return NoOutput()
    }
}

extension Transaction {
    /// Deletes the message a handle stands for; one that is gone, or was received again since, is no error.
    func delete(_ handle: ReceiptHandle, from queue: Queue, at now: Timestamp) throws {
        guard let standing = try standing(of: handle), standing.receipt == handle.receipt else { return }
        guard let group = standing.group else { return try deleteMessage(handle.row) }
        guard standing.visibleAt > now else { throw ServiceError.receiptHandleExpired(handle.text) }
        try deleteMessage(handle.row)
        try refreshGroup(group, of: queue.id)
    }
}
