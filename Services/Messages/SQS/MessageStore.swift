import ServiceKit

/// The SQL of messages: what is sent, received, kept longer, deleted and moved.
extension Snapshot {
    func counts(of queue: Queue, at now: Timestamp) throws -> Queue.Counts {
        let visible = try value(
            "SELECT count(*) FROM message WHERE queue = ? AND visible_at <= ?", queue.id, now, as: Int.self)
        let hidden: (inFlight: Int, delayed: Int)? = try first(
            """
            SELECT count(*) FILTER (WHERE receipt > 0), count(*) FILTER (WHERE receipt = 0)
            FROM message WHERE queue = ? AND visible_at > ?
            """, queue.id, now
        ) { (try $0[0], try $0[1]) }
        return Queue.Counts(visible: visible ?? 0, inFlight: hidden?.inFlight ?? 0, delayed: hidden?.delayed ?? 0)
    }

    /// When the next message that is hidden now becomes visible.
    func nextVisible(in queue: Queue, after now: Timestamp) throws -> Timestamp? {
        try value(
            "SELECT visible_at FROM message WHERE queue = ? AND visible_at > ? ORDER BY visible_at LIMIT 1",
            queue.id, now)
    }

    /// Messages that can be received, oldest first.
    func visibleMessages(in queue: Queue, at now: Timestamp, limit: Int) throws -> [Message] {
        try rows(
            "\(Message.selection) WHERE message.queue = ? AND visible_at <= ? ORDER BY visible_at, message.id LIMIT ?",
            queue.id, now, limit
        ) { try Message($0, in: queue) }
    }

    func message(_ row: Int64, in queue: Queue) throws -> Message? {
        try first("\(Message.selection) WHERE message.id = ? AND message.queue = ?", row, queue.id) {
            try Message($0, in: queue)
        }
    }

    func isVisible(_ message: Message, at now: Timestamp) throws -> Bool {
        try exists("SELECT 1 FROM message WHERE id = ? AND visible_at <= ?", message.row, now)
    }

    /// `nil` when the handle's message is not in the queue any more.
    func standing(of handle: ReceiptHandle) throws -> Standing? {
        try first(
            "SELECT receipt, visible_at, fifo_group FROM message WHERE id = ? AND queue = ? AND message_id = ?",
            handle.row, handle.queue, handle.messageID
        ) { Standing(receipt: try $0[0], visibleAt: try $0[1], group: try $0[2]) }
    }

    /// The row of the newest message, 0 in an empty queue.
    func lastMessage(in queue: Queue) throws -> Int64 {
        try value("SELECT coalesce(max(id), 0) FROM message WHERE queue = ?", queue.id) ?? 0
    }
}

/// Where a message is between two receipts.
struct Standing: Sendable {
    let receipt: Int
    let visibleAt: Timestamp
    let group: String?
}

extension Transaction {
    /// Stores a message; a FIFO queue that had it within five minutes answers with the first one.
    func append(_ draft: MessageDraft, to queue: Queue, from sender: String, at now: Timestamp) throws -> SentMessage {
        if let first = try duplicate(of: draft, in: queue, at: now) { return first }
        let id = Identifier.uuid()
        let visibleAt = now + .seconds(draft.delaySeconds)
        let group = queue.attributes.isFIFO ? draft.groupID : nil
        try execute(
            "INSERT INTO message (queue, visible_at, sent, message_id, fifo_group) VALUES (?, ?, ?, ?, ?)",
            queue.id, visibleAt, now, id, group)
        let sent = SentMessage(id: id, row: try lastInsertedRowID, isDuplicate: false)
        try execute(
            "INSERT INTO content VALUES (?, ?, ?, ?, ?, ?, ?)", sent.row, draft.body, draft.attributes.storedText,
            sender, draft.traceHeader, draft.groupID, draft.deduplicationID)
        if let group { try openGroup(group, of: queue.id, head: sent.row, freeAt: visibleAt) }
        try remember(draft, sent, in: queue, at: now)
        return sent
    }

    /// Hides a message that is being delivered and counts its receipt.
    func take(_ message: Message, until visibleAt: Timestamp, at now: Timestamp) throws -> Message {
        var taken = message
        taken.receipt += 1
        taken.receiveCount += 1
        taken.firstReceived = message.firstReceived ?? now
        try execute(
            "UPDATE message SET visible_at = ?, receipt = ?, receive_count = ?, first_received = ? WHERE id = ?",
            visibleAt, taken.receipt, taken.receiveCount, taken.firstReceived, message.row)
        return taken
    }

    func setVisibility(of row: Int64, to visibleAt: Timestamp) throws {
        try execute("UPDATE message SET visible_at = ? WHERE id = ?", visibleAt, row)
    }

    func deleteMessage(_ row: Int64) throws {
        try execute("DELETE FROM message WHERE id = ?", row)
        try execute("DELETE FROM content WHERE id = ?", row)
    }

    /// Moves a message to the dead-letter queue as it is; there it can be received at once.
    func moveToDeadLetters(_ message: Message, from queue: Queue, to target: Queue, at now: Timestamp) throws {
        // A FIFO queue starts the retention period anew, a standard queue does not.
        try execute(
            """
            UPDATE message SET queue = ?, visible_at = ?, receipt = 0, dead_letter_source = ?, sent = ? WHERE id = ?
            """, target.id, now, queue.arn.description, queue.attributes.isFIFO ? now : message.sent, message.row)
        guard queue.attributes.isFIFO, let group = message.groupID else { return }
        try refreshGroup(group, of: queue.id)
        try refreshGroup(group, of: target.id)
    }

    /// Deletes up to `limit` messages that arrived until `last`, and says how many there were.
    func deleteMessages(of queue: Int64, until last: Int64, limit: Int) throws -> Int {
        try deleteMessages(
            of: queue,
            rows(
                "SELECT id, fifo_group FROM message WHERE queue = ? AND id <= ? LIMIT ?", queue, last, limit
            ) { (try $0[0], try $0[1]) })
    }

    /// Deletes up to `limit` messages sent before `time`, and says how many there were.
    func deleteMessages(of queue: Int64, sentBefore time: Timestamp, limit: Int) throws -> Int {
        try deleteMessages(
            of: queue,
            rows(
                "SELECT id, fifo_group FROM message WHERE queue = ? AND sent <= ? LIMIT ?", queue, time, limit
            ) { (try $0[0], try $0[1]) })
    }

    private func deleteMessages(of queue: Int64, _ messages: [(row: Int64, group: String?)]) throws -> Int {
        for message in messages { try deleteMessage(message.row) }
        for group in Set(messages.compactMap(\.group)) { try refreshGroup(group, of: queue) }
        return messages.count
    }
}

extension Message {
    fileprivate static let selection = """
        SELECT message.id, message_id, body, attributes, sender, sent, group_id, deduplication_id, trace_header,
            dead_letter_source, receive_count, first_received, receipt
        FROM message JOIN content ON content.id = message.id
        """

    fileprivate init(_ columns: Row, in queue: Queue) throws {
        row = try columns[0]
        id = try columns[1]
        body = try columns[2]
        attributes = try MessageAttributes(storedText: try columns[3])
        senderID = try columns[4]
        sent = try columns[5]
        groupID = try columns[6]
        deduplicationID = try columns[7]
        traceHeader = try columns[8]
        deadLetterSource = try columns[9]
        receiveCount = try columns[10]
        firstReceived = try columns[11]
        receipt = try columns[12]
        isFIFO = queue.attributes.isFIFO
    }

    /// For `FIFOStore`, whose queries read the same columns.
    static func inGroup(_ group: String, of queue: Queue, limit: Int, _ snapshot: Snapshot) throws -> [Message] {
        try snapshot.rows(
            "\(selection) WHERE message.queue = ? AND fifo_group = ? ORDER BY message.id LIMIT ?",
            queue.id, group, limit
        ) { try Message($0, in: queue) }
    }
}

extension MessageAttributes {
    fileprivate var storedText: String? {
        if isEmpty { return nil }
        var json = JSONWriter()
        json.value(self)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    fileprivate init(storedText: String?) throws {
        self.init()
        if let storedText { self = try MessageAttributes(json: JSONDocument(Array(storedText.utf8)).root) }
    }
}
