import ServiceKit

/// Hides a received message for longer or shorter, counted from now.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html)
struct ChangeMessageVisibility: AWSOperation {
    struct Input: InputShape {
        let queueURL: QueueURL
        let receiptHandle: String
        let visibilityTimeout: Int

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            receiptHandle = try member("ReceiptHandle")
            visibilityTimeout = try member("VisibilityTimeout")
        }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try VisibilityTimeout.check(input.visibilityTimeout)
        let queue = try await queues.queue(at: input.queueURL.address(in: call))
        let handle = try ReceiptHandle(input.receiptHandle, for: queue)
        try await queues.write { transaction in
            // Receivers that wait know another time, or may take the message now.
            transaction.afterCommit { queues.bell.ring(queue.id) }
            try transaction.hide(handle, in: queue, for: .seconds(input.visibilityTimeout), at: call.now)
        }
        return NoOutput()
    }
}

/// The rule for visibility timeouts: up to twelve hours.
enum VisibilityTimeout {
    static func check(_ seconds: Int) throws {
        guard (0...43_200).contains(seconds) else {
            throw ServiceError.invalidParameter(
                "VisibilityTimeout", seconds, because: "Must be between 0 and 43200, if provided.")
        }
    }
}

extension Transaction {
    /// - Throws: `MessageNotInflight`, or `InvalidParameterValue` for a message that is gone or was received again.
    func hide(_ handle: ReceiptHandle, in queue: Queue, for timeout: Duration, at now: Timestamp) throws {
        guard let standing = try standing(of: handle), standing.receipt == handle.receipt else {
            throw ServiceError.messageUnavailable(handle.text)
        }
        guard standing.visibleAt > now else { throw ServiceError.messageNotInflight }
        try setVisibility(of: handle.row, to: now + timeout)
        if let group = standing.group { try refreshGroup(group, of: queue.id) }
    }
}
