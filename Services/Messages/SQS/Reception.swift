import ServiceKit

/// One look into a queue for messages to deliver.
struct Reception: Sendable {
    let queue: Queue
    let limit: Int
    let visibilityTimeout: Duration
    /// Identifies repetitions of the same request; FIFO queues only.
    let attempt: String?

    struct Outcome: Sendable {
        var messages: [Message] = []
        /// Where messages went that were received too often.
        var deadLetterQueue: Int64?
        /// Messages that were dropped or moved rather than delivered.
        var removed = 0
        /// With no messages: when to look again, if not rung before.
        var nextVisible: Timestamp?
    }

    /// Takes messages; those past their retention are dropped and those received too often moved on the way.
    func run(in transaction: Transaction, at now: Timestamp) throws -> Outcome {
        try transaction.requireLive(queue)
        let visibleAt = now + visibilityTimeout
        if let attempt, let same = try transaction.untouchedMessages(ofAttempt: attempt, in: queue, at: now) {
            return try repeated(same, attempt, until: visibleAt, in: transaction, at: now)
        }
        var outcome = Outcome()
        if queue.attributes.isFIFO {
            try takeFromGroups(into: &outcome, in: transaction, at: now)
        } else {
            try takeVisible(into: &outcome, in: transaction, at: now)
        }
        if outcome.messages.isEmpty { outcome.nextVisible = try transaction.nextVisible(in: queue, after: now) }
        if let attempt {
            try transaction.remember(outcome.messages, of: attempt, in: queue, visibleAt: visibleAt, at: now)
        }
        return outcome
    }

    private func takeVisible(into outcome: inout Outcome, in transaction: Transaction, at now: Timestamp) throws {
        var seen: Set<Int64> = []
        while outcome.messages.count < limit {
            // With a visibility timeout of zero a message taken is visible still, and must not be taken twice.
            let found = try transaction.visibleMessages(in: queue, at: now, limit: limit + outcome.messages.count)
            let fresh = found.filter { !seen.contains($0.row) }
            if fresh.isEmpty { return }
            for message in fresh where outcome.messages.count < limit {
                seen.insert(message.row)
                try deliver(message, into: &outcome, in: transaction, at: now)
            }
        }
    }

    private func takeFromGroups(into outcome: inout Outcome, in transaction: Transaction, at now: Timestamp) throws {
        var removed = 0
        repeat {
            removed = outcome.removed
            for group in try transaction.freeGroups(of: queue, at: now, limit: limit)
            where outcome.messages.count < limit {
                try take(from: group, into: &outcome, in: transaction, at: now)
            }
            // What was removed may have stood in front of what can be delivered.
        } while outcome.messages.isEmpty && outcome.removed > removed
    }

    /// Takes the first messages of a group, in order.
    private func take(
        from group: String, into outcome: inout Outcome, in transaction: Transaction, at now: Timestamp
    ) throws {
        let missing = limit - outcome.messages.count
        for message in try Message.inGroup(group, of: queue, limit: missing, transaction) {
            // A delayed message holds back those behind it.
            guard try transaction.isVisible(message, at: now) else { break }
            try deliver(message, into: &outcome, in: transaction, at: now)
        }
        try transaction.refreshGroup(group, of: queue.id)
    }

    private func deliver(
        _ message: Message, into outcome: inout Outcome, in transaction: Transaction, at now: Timestamp
    ) throws {
        if message.sent + .seconds(queue.attributes.retentionSeconds) <= now {
            try transaction.deleteMessage(message.row)
            outcome.removed += 1
        } else if let target = try deadLetterQueue(for: message, in: transaction) {
            try transaction.moveToDeadLetters(message, from: queue, to: target, at: now)
            outcome.deadLetterQueue = target.id
            outcome.removed += 1
        } else {
            outcome.messages.append(try transaction.take(message, until: now + visibilityTimeout, at: now))
        }
    }

    /// `nil` while the message may be delivered, or where there is no such queue.
    private func deadLetterQueue(for message: Message, in transaction: Transaction) throws -> Queue? {
        guard let policy = queue.attributes.redrivePolicy, message.receipt >= policy.maxReceiveCount else { return nil }
        return try transaction.queue(at: policy.deadLetterTarget)
    }

    /// Delivers the same messages under the same handles, and hides them anew.
    private func repeated(
        _ messages: [Message], _ attempt: String, until visibleAt: Timestamp, in transaction: Transaction,
        at now: Timestamp
    ) throws -> Outcome {
        for message in messages { try transaction.setVisibility(of: message.row, to: visibleAt) }
        for group in Set(messages.compactMap(\.groupID)) { try transaction.refreshGroup(group, of: queue.id) }
        try transaction.remember(messages, of: attempt, in: queue, visibleAt: visibleAt, at: now)
        return Outcome(messages: messages)
    }
}
