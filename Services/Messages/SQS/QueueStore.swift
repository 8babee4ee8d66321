import ServiceKit

/// The queues of one executable and what is in them.
///
/// Its SQL stands here (queues), in `MessageStore`, `FIFOStore` and `MoveTaskStore`.
struct QueueStore: Sendable {
    let database: Database
    let bell = QueueBell()
    private let cache = QueueCache()

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write(body)
    }

    func read<Result>(_ body: (Snapshot) throws -> Result) async throws -> Result { try await database.read(body) }

    /// - Throws: `QueueDoesNotExist`
    func queue(at address: QueueAddress) async throws -> Queue {
        guard let entry = try await entry(at: address) else { throw ServiceError.queueDoesNotExist }
        return entry.queue
    }

    /// The permission an operation needs on a queue, whose policy counts if there is the queue.
    func permission(_ action: String? = nil, on address: QueueAddress) async throws -> Permission {
        Permission(action, on: address.arn, resourcePolicy: try await entry(at: address)?.policy)
    }

    /// Writes, and lets the next reader of the queue look again.
    func change<Result: Sendable>(
        _ address: QueueAddress, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write { [cache] transaction in
            transaction.afterCommit { cache.forget(address) }
            return try body(transaction)
        }
    }

    private func entry(at address: QueueAddress) async throws -> QueueCache.Entry? {
        if let entry = cache.entry(at: address) { return entry }
        return try await cache.fill(address) {
            guard let queue = try await database.read({ try $0.queue(at: address) }) else { return nil }
            let policy = try queue.attributes.policy.map { try Policy.parse(Array($0.utf8)) }
            return QueueCache.Entry(queue: queue, policy: policy)
        }
    }
}

extension Snapshot {
    func queue(at address: QueueAddress) throws -> Queue? {
        try first(
            """
            SELECT id, account, region, name, attributes, created, modified FROM queue
            WHERE account = ? AND region = ? AND name = ? AND deleted IS NULL
            """, address.account, address.region, address.name, body: Queue.init)
    }

    func queue(_ id: Int64) throws -> Queue? {
        try first(
            """
            SELECT id, account, region, name, attributes, created, modified FROM queue
            WHERE id = ? AND deleted IS NULL
            """, id, body: Queue.init)
    }

    /// The queue as it is in this transaction.
    ///
    /// - Throws: `QueueDoesNotExist`
    func requireQueue(at address: QueueAddress) throws -> Queue {
        guard let queue = try queue(at: address) else { throw ServiceError.queueDoesNotExist }
        return queue
    }

    /// Guards a write that was prepared with a queue read before it.
    ///
    /// - Throws: `QueueDoesNotExist`
    func requireLive(_ queue: Queue) throws {
        guard try exists("SELECT 1 FROM queue WHERE id = ? AND deleted IS NULL", queue.id) else {
            throw ServiceError.queueDoesNotExist
        }
    }

    func wasDeleted(_ address: QueueAddress, since time: Timestamp) throws -> Bool {
        try exists(
            "SELECT 1 FROM queue WHERE deleted > ? AND account = ? AND region = ? AND name = ?",
            time, address.account, address.region, address.name)
    }

    /// Names in ascending order, after `position`.
    func queueNames(
        of account: String, in region: String, prefix: String, after position: String, limit: Int
    ) throws -> [String] {
        try rows(
            """
            SELECT name FROM queue
            WHERE account = ? AND region = ? AND deleted IS NULL AND name > ? AND substr(name, 1, length(?)) = ?
            ORDER BY name LIMIT ?
            """, account, region, position, prefix, prefix, limit
        ) { try $0[0] }
    }

    /// Names of queues whose redrive policy names `target`, in ascending order after `position`.
    func sourceNames(of target: Queue, after position: String, limit: Int) throws -> [String] {
        try rows(
            """
            SELECT name FROM queue
            WHERE dead_letter_target = ? AND account = ? AND region = ? AND deleted IS NULL AND name > ?
            ORDER BY name LIMIT ?
            """, target.arn.description, target.address.account, target.address.region, position, limit
        ) { try $0[0] }
    }

    func tags(of queue: Queue) throws -> [String: String] {
        let pairs: [(String, String)] = try rows("SELECT key, value FROM queue_tag WHERE queue = ?", queue.id) {
            (try $0[0], try $0[1])
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    func lastPurge(of queue: Queue) throws -> Timestamp? {
        try value("SELECT purged FROM queue WHERE id = ? AND purged IS NOT NULL", queue.id)
    }

    /// Every queue that holds messages, with the time before which they are too old.
    func liveQueues() throws -> [Queue] {
        try rows(
            "SELECT id, account, region, name, attributes, created, modified FROM queue WHERE deleted IS NULL",
            body: Queue.init)
    }

    func deletedQueues() throws -> [Int64] {
        try rows("SELECT id FROM queue WHERE deleted IS NOT NULL") { try $0[0] }
    }
}

extension Transaction {
    func insertQueue(at address: QueueAddress, _ attributes: QueueAttributes, at now: Timestamp) throws -> Queue {
        try execute(
            """
            INSERT INTO queue (account, region, name, attributes, dead_letter_target, created, modified)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, address.account, address.region, address.name, attributes.json,
            attributes.redrivePolicy?.deadLetterTarget.arn.description, now, now)
        return Queue(
            id: try lastInsertedRowID, address: address, attributes: attributes, created: now, modified: now)
    }

    func update(_ queue: Queue, to attributes: QueueAttributes, at now: Timestamp) throws {
        try execute(
            "UPDATE queue SET attributes = ?, dead_letter_target = ?, modified = ? WHERE id = ?",
            attributes.json, attributes.redrivePolicy?.deadLetterTarget.arn.description, now, queue.id)
    }

    /// Its messages go later, in the background.
    func markDeleted(_ queue: Queue, at now: Timestamp) throws {
        try execute("UPDATE queue SET deleted = ? WHERE id = ?", now, queue.id)
        try execute("DELETE FROM queue_tag WHERE queue = ?", queue.id)
    }

    /// Drops deleted queues whose names may be used again and whose messages are gone.
    func dropDeletedQueues(before time: Timestamp) throws {
        try execute(
            "DELETE FROM queue WHERE deleted <= ? AND NOT EXISTS (SELECT 1 FROM message WHERE message.queue = queue.id)",
            time)
    }

    func recordPurge(of queue: Queue, at now: Timestamp) throws {
        try execute("UPDATE queue SET purged = ? WHERE id = ?", now, queue.id)
    }

    func setTags(_ tags: [String: String], of queue: Queue) throws {
        for (key, value) in tags {
            try execute("INSERT OR REPLACE INTO queue_tag VALUES (?, ?, ?)", queue.id, key, value)
        }
    }

    func removeTags(_ keys: [String], of queue: Queue) throws {
        for key in keys { try execute("DELETE FROM queue_tag WHERE queue = ? AND key = ?", queue.id, key) }
    }
}

extension Queue {
    fileprivate init(_ row: Row) throws {
        id = try row[0]
        address = QueueAddress(account: try row[1], region: try row[2], name: try row[3])
        let text = try row.withBytes(at: 4) { Array($0) }
        attributes = try QueueAttributes(stored: [String: String](json: JSONDocument(text).root))
        created = try row[5]
        modified = try row[6]
    }
}

extension QueueAttributes {
    fileprivate var json: String {
        var json = JSONWriter()
        json.value(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
