import ServiceKit

/// The SQL of published messages and their deliveries.
extension Snapshot {
    /// Deliveries whose time has come, in their order; of each lane only the first, and none of those under way.
    func dueDeliveries(at now: Timestamp, besides underWay: Set<Int64>, limit: Int) throws -> [Delivery] {
        let heads: [DeliveryHead] = try rows(
            """
            SELECT id, subscription, message, token, attempts, is_dead FROM delivery
            WHERE due <= ? AND NOT EXISTS (
                SELECT 1 FROM delivery AS earlier WHERE earlier.lane = delivery.lane AND earlier.id < delivery.id)
            ORDER BY due, id LIMIT ?
            """, now, limit + underWay.count, body: DeliveryHead.init)
        return try heads.filter { !underWay.contains($0.id) }.prefix(limit).compactMap(delivery)
    }

    /// When the next delivery that is not due yet will be.
    func nextDelivery(after now: Timestamp) throws -> Timestamp? {
        try value("SELECT due FROM delivery WHERE due > ? ORDER BY due LIMIT 1", now)
    }

    func deliveries(of subscription: Subscription) throws -> [DeliveryHead] {
        try rows(
            "SELECT id, subscription, message, token, attempts, is_dead FROM delivery WHERE subscription = ?",
            subscription.id, body: DeliveryHead.init)
    }

    /// A message a FIFO topic had within five minutes under the same id.
    func duplicate(of message: Publication, in topic: Topic, at now: Timestamp) throws -> Published? {
        guard topic.isFIFO, let id = message.deduplicationID else { return nil }
        return try first(
            """
            SELECT message_id, message FROM deduplication
            WHERE topic = ? AND scope = ? AND deduplication_id = ? AND expires > ?
            """, topic.id, topic.deduplicationScope(of: message), id, now
        ) { Published(messageID: try $0[0], sequence: try $0[1]) }
    }

    /// `nil` where the subscription went meanwhile.
    private func delivery(_ head: DeliveryHead) throws -> Delivery? {
        guard let subscription = try subscription(head.subscription), let topic = try topic(at: subscription.topic),
            let content = try content(of: head)
        else { return nil }
        return Delivery(
            id: head.id, subscription: subscription, content: content,
            signatureVersion: topic.attributes.signatureVersion, attempts: head.attempts, isDead: head.isDead)
    }

    private func content(of head: DeliveryHead) throws -> Delivery.Content? {
        if let token = head.token { return .confirmation(token: token) }
        guard let row = head.message else { return nil }
        return try first(
            """
            SELECT message_id, body, has_structure, subject, attributes, group_id, deduplication_id, published
            FROM message WHERE id = ?
            """, row
        ) { .message(try Publication($0), row: row) }
    }
}

extension Transaction {
    /// Stores a message with one delivery for each recipient; answers what `Publish` says.
    func publish(
        _ message: Publication, to topic: Topic, for recipients: [Subscription], at now: Timestamp
    ) throws -> Published {
        if let first = try duplicate(of: message, in: topic, at: now) { return first }
        try execute(
            """
            INSERT INTO message (topic, message_id, body, has_structure, subject, attributes, group_id,
                deduplication_id, published, deliveries)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, topic.id, message.id, message.body, message.hasStructure, message.subject,
            message.attributes.storedText, message.groupID, message.deduplicationID, message.published,
            recipients.count)
        let row = try lastInsertedRowID
        var count = 0
        for subscription in recipients {
            // One that ended since the recipients were chosen gets nothing.
            count += try execute(
                """
                INSERT INTO delivery (subscription, message, due, lane)
                SELECT id, ?, ?, ? FROM subscription WHERE id = ?
                """, row, now, subscription.lane(of: message), subscription.id)
        }
        if count == 0 {
            try execute("DELETE FROM message WHERE id = ?", row)
        } else if count < recipients.count {
            try execute("UPDATE message SET deliveries = ? WHERE id = ?", count, row)
        }
        guard topic.isFIFO, let id = message.deduplicationID else {
            return Published(messageID: message.id, sequence: nil)
        }
        try execute(
            "INSERT OR REPLACE INTO deduplication VALUES (?, ?, ?, ?, ?, ?)", topic.id,
            topic.deduplicationScope(of: message), id, row, message.id, now + Topic.deduplicationInterval)
        return Published(messageID: message.id, sequence: row)
    }

    func requestConfirmation(of subscription: Int64, token: String, at now: Timestamp) throws {
        try execute("INSERT INTO delivery (subscription, token, due) VALUES (?, ?, ?)", subscription, token, now)
    }

    /// Takes a delivery off the list: done, or given up.
    func finish(_ delivery: DeliveryHead) throws { try finish(delivery.id, message: delivery.message) }
    func finish(_ delivery: Delivery) throws { try finish(delivery.id, message: delivery.messageRow) }

    private func finish(_ id: Int64, message: Int64?) throws {
        guard try execute("DELETE FROM delivery WHERE id = ?", id) > 0, let message else { return }
        try execute("UPDATE message SET deliveries = deliveries - 1 WHERE id = ?", message)
        try execute("DELETE FROM message WHERE id = ? AND deliveries <= 0", message)
    }

    func postpone(_ delivery: Delivery, until due: Timestamp) throws {
        try execute("UPDATE delivery SET due = ?, attempts = attempts + 1 WHERE id = ?", due, delivery.id)
    }

    /// From now on the dead-letter queue is to get it.
    func declareDead(_ delivery: Delivery, at now: Timestamp) throws {
        try execute("UPDATE delivery SET is_dead = 1, attempts = 0, due = ? WHERE id = ?", now, delivery.id)
    }

    func dropExpiredDeduplication(at now: Timestamp) throws {
        try execute("DELETE FROM deduplication WHERE expires <= ?", now)
    }
}

/// A row of deliveries, before what it points to was looked up.
struct DeliveryHead {
    let id: Int64
    let subscription: Int64
    let message: Int64?
    let token: String?
    let attempts: Int
    let isDead: Bool

    fileprivate init(_ row: Row) throws {
        id = try row[0]
        subscription = try row[1]
        message = try row[2]
        token = try row[3]
        attempts = try row[4]
        isDead = try row[5]
    }
}

extension Topic {
    fileprivate static let deduplicationInterval = Duration.seconds(300)

    fileprivate func deduplicationScope(of message: Publication) -> String {
        attributes.isScopedToGroup ? message.groupID ?? "" : ""
    }
}

extension Publication {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try row[0], body: try row[1], hasStructure: try row[2], subject: try row[3],
            attributes: try PublishedAttributes(storedText: try row[4]), groupID: try row[5],
            deduplicationID: try row[6], published: try row[7])
    }
}

extension PublishedAttributes {
    fileprivate var storedText: String? {
        if isEmpty { return nil }
        var json = JSONWriter()
        json.value(self)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    fileprivate init(storedText: String?) throws {
        self.init()
        if let storedText { self = try PublishedAttributes(json: JSONDocument(Array(storedText.utf8)).root) }
    }
}
