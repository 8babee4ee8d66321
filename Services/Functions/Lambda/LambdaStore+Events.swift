import ServiceKit

/// An asynchronous invocation that was accepted and is not yet done.
struct QueuedEvent: Sendable {
    let id: Int64
    let requestID: String
    let key: FunctionKey
    let qualifier: String?
    let payload: [UInt8]
    let trace: String?
    let accepted: Timestamp
    /// How often it has been tried.
    let attempts: Int
}

extension Snapshot {
    /// What is due, the oldest first, leaving out what is being worked on.
    func dueEvents(at now: Timestamp, except busy: Set<Int64>, limit: Int) throws -> [QueuedEvent] {
        var events: [QueuedEvent] = []
        try scan(
            """
            SELECT id, request, account, region, name, qualifier, payload, trace, accepted, attempts FROM event
            WHERE due <= ? ORDER BY due, id
            """, now
        ) { row in
            let id: Int64 = try row[0]
            if busy.contains(id) { return .next }
            events.append(
                QueuedEvent(
                    id: id, requestID: try row[1],
                    key: FunctionKey(account: try row[2], region: try row[3], name: try row[4]),
                    qualifier: try row[5], payload: try row[6], trace: try row[7], accepted: try row[8],
                    attempts: try row[9]))
            return events.count < limit ? .next : .stop
        }
        return events
    }

    /// When the next event is due that is not being worked on.
    func nextDueTime(except busy: Set<Int64>) throws -> Timestamp? {
        var next: Timestamp?
        try scan("SELECT id, due FROM event ORDER BY due, id") { row in
            if busy.contains(try row[0]) { return .next }
            next = try row[1]
            return .stop
        }
        return next
    }

    func eventConfiguration(of key: FunctionKey, qualifier: String) throws -> EventConfiguration? {
        try first(
            """
            SELECT configuration FROM event_configuration
            WHERE account = ? AND region = ? AND name = ? AND qualifier = ?
            """, key.account, key.region, key.name, qualifier
        ) { try EventConfiguration(json: JSONDocument($0[0]).root) }
    }
}

extension Transaction {
    /// Accepts an event. One with the same request id is the same event, sent twice.
    func enqueue(
        requestID: String, _ key: FunctionKey, qualifier: String?, payload: [UInt8], trace: String?, at now: Timestamp
    ) throws {
        try execute(
            """
            INSERT INTO event (request, account, region, name, qualifier, payload, trace, accepted, due, attempts)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING
            """, requestID, key.account, key.region, key.name, qualifier, payload, trace, now, now)
    }

    func postpone(_ event: QueuedEvent, until due: Timestamp, attempts: Int) throws {
        try execute("UPDATE event SET due = ?, attempts = ? WHERE id = ?", due, attempts, event.id)
    }

    func finish(_ event: QueuedEvent) throws { try execute("DELETE FROM event WHERE id = ?", event.id) }

    func put(_ configuration: EventConfiguration, of key: FunctionKey, qualifier: String) throws {
        try execute(
            """
            INSERT INTO event_configuration (account, region, name, qualifier, configuration) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET configuration = excluded.configuration
            """, key.account, key.region, key.name, qualifier, configuration.encoded)
    }

    func deleteEventConfiguration(of key: FunctionKey, qualifier: String) throws -> Bool {
        try execute(
            "DELETE FROM event_configuration WHERE account = ? AND region = ? AND name = ? AND qualifier = ?",
            key.account, key.region, key.name, qualifier) > 0
    }
}
