import ServiceKit

/// Delivers a message to a queue.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html)
struct SendMessage: AWSOperation {
    struct Input: InputShape {
        let queueURL: QueueURL
        let message: MessageEntry

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            message = try MessageEntry(member)
        }
    }

    struct Output: OutputShape {
        let draft: MessageDraft
        let sent: SentMessage

        func write(to json: inout JSONWriter) { json.sentMessage(sent, draft) }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let queue = try await queues.queue(at: input.queueURL.address(in: call))
        let draft = try MessageDraft(input.message, for: queue)
        let sent = try await queues.write { transaction in
            try transaction.requireLive(queue)
            // Receivers are woken once the message is durable, never before.
            transaction.afterCommit { queues.bell.ring(queue.id) }
            return try transaction.append(draft, to: queue, from: call.senderID, at: call.now)
        }
        return Output(draft: draft, sent: sent)
    }
}

extension Call {
    /// What `SenderId` says of a message's sender: for anonymous ones the address they sent from.
    var senderID: String { caller.kind == .anonymous ? source.address : caller.userID }
}

extension JSONWriter {
    /// What both send operations say of a message.
    mutating func sentMessage(_ sent: SentMessage, _ draft: MessageDraft) {
        member("MessageId", sent.id)
        member("MD5OfMessageBody", draft.bodyMD5)
        member("MD5OfMessageAttributes", draft.attributes.md5)
        member("MD5OfMessageSystemAttributes", draft.systemAttributes.md5)
        // Only FIFO messages carry a deduplication id.
        if draft.deduplicationID != nil { member("SequenceNumber", SequenceNumber.text(of: sent.row)) }
    }
}
