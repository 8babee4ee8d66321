import ServiceKit

/// Delivers up to ten messages to a queue, each on its own merits.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html)
struct SendMessageBatch: AWSOperation {
    struct Entry: BatchEntry {
        static let shapeName = "SendMessageBatchRequestEntry"
        let id: String
        let message: MessageEntry

        init(_ member: Members) throws {
            id = try member("Id")
            message = try MessageEntry(member)
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

    struct Success: OutputShape {
        let id: String
        let draft: MessageDraft
        let sent: SentMessage

        func write(to json: inout JSONWriter) {
            json.member("Id", id)
            json.sentMessage(sent, draft)
        }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission("sqs:SendMessage", on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> BatchOutcome<Success> {
        let queue = try await queues.queue(at: input.queueURL.address(in: call))
        try check(input.batch, for: queue)
        return try await queues.write { transaction in
            try transaction.requireLive(queue)
            var outcome = BatchOutcome<Success>()
            for entry in input.batch.entries {
                try outcome.add(entry.id) {
                    let draft = try MessageDraft(entry.message, for: queue)
                    let sent = try transaction.append(draft, to: queue, from: call.senderID, at: call.now)
                    return Success(id: entry.id, draft: draft, sent: sent)
                }
            }
            let count = outcome.successful.count
            transaction.afterCommit { queues.bell.ring(queue.id, messages: count) }
            return outcome
        }
    }

    /// Faults for which AWS refuses the whole batch rather than an entry.
    private func check(_ batch: Batch<Entry>, for queue: Queue) throws {
        try batch.check()
        let bytes = batch.entries.reduce(0) { $0 + $1.message.byteCount }
        guard bytes <= MessageDraft.sizeLimit else { throw ServiceError.batchTooLong(bytes) }
        guard queue.attributes.isFIFO else { return }
        for entry in batch.entries {
            guard entry.message.deduplicationID != nil || queue.attributes.deduplicatesByContent else {
                throw ServiceError.deduplicationRequired
            }
            guard entry.message.groupID != nil else {
                throw ServiceError.invalidParameter("The request must contain the parameter MessageGroupId.")
            }
        }
    }
}
