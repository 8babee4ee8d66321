import ServiceKit

/// The SQL of what only FIFO queues know: groups, deduplication, receive attempts.
extension Snapshot {
    /// Groups of which messages can be received, the one with the oldest first.
    func freeGroups(of queue: Queue, at now: Timestamp, limit: Int) throws -> [String] {
        try rows(
            "SELECT name FROM fifo_group WHERE queue = ? AND free_at <= ? ORDER BY head LIMIT ?",
            queue.id, now, limit
        ) { try $0[0] }
    }

    /// A message that was sent before under the same id, within the deduplication interval.
    func duplicate(of draft: MessageDraft, in queue: Queue, at now: Timestamp) throws -> SentMessage? {
        guard let id = draft.deduplicationID, queue.attributes.isFIFO else { return nil }
        return try first(
            """
            SELECT message_id, message FROM deduplication
            WHERE queue = ? AND scope = ? AND deduplication_id = ? AND expires > ?
            """, queue.id, queue.deduplicationScope(of: draft), id, now
        ) { SentMessage(id: try $0[0], row: try $0[1], isDuplicate: true) }
    }

    /// What an earlier `ReceiveMessage` with the same attempt id delivered, if none of it was touched since.
    func untouchedMessages(ofAttempt attempt: String, in queue: Queue, at now: Timestamp) throws -> [Message]? {
        let rows: [(row: Int64, isUntouched: Bool)] = try rows(
            """
            SELECT receive_attempt.message,
                message.receipt = receive_attempt.receipt AND message.visible_at = receive_attempt.visible_at
            FROM receive_attempt LEFT JOIN message
                ON message.id = receive_attempt.message AND message.queue = receive_attempt.queue
            WHERE receive_attempt.queue = ? AND attempt = ? AND expires > ? AND receive_attempt.visible_at > ?
            ORDER BY position
            """, queue.id, attempt, now, now
        ) { (try $0[0], try $0.isNull(at: 1) ? false : try $0[1]) }
        guard !rows.isEmpty, rows.allSatisfy(\.isUntouched) else { return nil }
        return try rows.compactMap { try message($0.row, in: queue) }
    }
}

extension Transaction {
    /// Notes a group's first message; a group that is there already keeps its own.
    func openGroup(_ group: String, of queue: Int64, head: Int64, freeAt: Timestamp) throws {
        try execute("INSERT OR IGNORE INTO fifo_group VALUES (?, ?, ?, ?)", queue, group, head, freeAt)
    }

    /// Works out again where a group begins and when it is free: after its first message is visible and while
    /// none of its messages is in flight.
    func refreshGroup(_ group: String, of queue: Int64) throws {
        let head: (row: Int64, visibleAt: Timestamp)? = try first(
            "SELECT id, visible_at FROM message WHERE queue = ? AND fifo_group = ? ORDER BY id LIMIT 1", queue, group
        ) { (try $0[0], try $0[1]) }
        guard let head else {
            try execute("DELETE FROM fifo_group WHERE queue = ? AND name = ?", queue, group)
            return
        }
        let lock: Timestamp? = try value(
            """
            SELECT visible_at FROM message WHERE queue = ? AND fifo_group = ? AND receipt > 0
            ORDER BY visible_at DESC LIMIT 1
            """, queue, group)
        let freeAt = max(head.visibleAt, lock ?? head.visibleAt)
        try execute("INSERT OR REPLACE INTO fifo_group VALUES (?, ?, ?, ?)", queue, group, head.row, freeAt)
    }

    func remember(_ draft: MessageDraft, _ sent: SentMessage, in queue: Queue, at now: Timestamp) throws {
        guard let id = draft.deduplicationID, queue.attributes.isFIFO else { return }
        try execute(
            "INSERT OR REPLACE INTO deduplication VALUES (?, ?, ?, ?, ?, ?)",
            queue.id, queue.deduplicationScope(of: draft), id, sent.row, sent.id, now + Queue.deduplicationInterval)
    }

    /// Notes what an attempt delivers, so that its repetition gets the same.
    func remember(
        _ messages: [Message], of attempt: String, in queue: Queue, visibleAt: Timestamp, at now: Timestamp
    ) throws {
        try execute("DELETE FROM receive_attempt WHERE queue = ? AND attempt = ?", queue.id, attempt)
        for (position, message) in messages.enumerated() {
            try execute(
                "INSERT INTO receive_attempt VALUES (?, ?, ?, ?, ?, ?, ?)", queue.id, attempt, position, message.row,
                message.receipt, visibleAt, now + Queue.deduplicationInterval)
        }
    }

    func dropExpiredDeduplication(at now: Timestamp) throws {
        try execute("DELETE FROM deduplication WHERE expires <= ?", now)
        try execute("DELETE FROM receive_attempt WHERE expires <= ?", now)
    }

    func dropDeduplication(of queue: Int64) throws {
        try execute("DELETE FROM deduplication WHERE queue = ?", queue)
        try execute("DELETE FROM receive_attempt WHERE queue = ?", queue)
    }
}

extension Queue {
    static let deduplicationInterval = Duration.seconds(300)

    /// Within what an id must be unique: the queue, or the message's group.
    fileprivate func deduplicationScope(of draft: MessageDraft) -> String {
        attributes.deduplicationScope == .messageGroup ? draft.groupID ?? "" : ""
    }
}
