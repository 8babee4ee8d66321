import JSON
import Storage
import Time

extension Transaction {
    /// Stores the event with the change that caused it: both or neither.
    public func record(_ event: some Event, at time: Timestamp = .now()) throws {
        var json = JSONWriter()
        event.writeValue(to: &json)
        try execute(
            "INSERT INTO outbox (type, key, time, body) VALUES (?, ?, ?, ?)", type(of: event).type, event.key, time,
            json.bytes)
        announce(EventLog.topic)
    }

    /// Makes sure that nothing is trimmed before this subscriber has acknowledged it.
    func registerSubscriber(_ name: String, at now: Timestamp) throws {
        try execute("INSERT OR IGNORE INTO outbox_subscriber VALUES (?, 0, ?)", name, now)
    }

    func unregisterSubscriber(_ name: String) throws {
        try execute("DELETE FROM outbox_subscriber WHERE name = ?", name)
        try trimOutbox()
    }

    /// Moves a subscriber's cursor, never back, and forgets what all have seen.
    func acknowledge(_ position: Int64, by name: String, at now: Timestamp) throws {
        // Beyond the end is a mistake or another log's cursor; believing it would skip events to come.
        let last = try lastEventPosition()
        try execute(
            """
            INSERT INTO outbox_subscriber VALUES (?1, ?2, ?3) ON CONFLICT (name)
            DO UPDATE SET position = max(position, excluded.position), acknowledged_at = excluded.acknowledged_at
            """, name, min(position, last), now)
        try trimOutbox()
    }

    private func trimOutbox() throws {
        try execute("DELETE FROM outbox WHERE position <= (SELECT min(position) FROM outbox_subscriber)")
    }
}

extension Snapshot {
    func logID() throws -> String { try value("SELECT id FROM outbox_log") ?? "" }

    /// The position of the last event ever recorded, also when it is trimmed.
    public func lastEventPosition() throws -> Int64 {
        try value("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'") ?? 0
    }

    func events(after position: Int64, types: Set<String>?, limit: Int) throws -> EventPage {
        var events: [RecordedEvent] = []
        var through = position
        var visited = 0
        try scan("SELECT position, type, key, time, body FROM outbox WHERE position > ? ORDER BY position", position) {
            row in
            through = try row[0]
            visited += 1
            let type: String = try row[1]
            if types?.contains(type) ?? true {
                events.append(
                    RecordedEvent(
                        position: through, type: type, key: try row[2], time: try row[3], body: try row[4]))
            }
            // Events of other types are bounded too: a page costs a known amount of reading.
            return events.count < limit && visited < 10 * limit ? .next : .stop
        }
        return EventPage(events: events, through: EventCursor(log: try logID(), position: through))
    }

    func subscribers() throws -> [EventLog.Subscriber] {
        try rows(
            """
            SELECT name, position, acknowledged_at,
                (SELECT count(*) FROM outbox WHERE outbox.position > outbox_subscriber.position),
                (SELECT time FROM outbox WHERE outbox.position > outbox_subscriber.position
                 ORDER BY outbox.position LIMIT 1)
            FROM outbox_subscriber ORDER BY name
            """
        ) { row in
            EventLog.Subscriber(
                name: try row[0], position: try row[1], acknowledgedAt: try row[2], waiting: try row[3],
                oldestWaiting: try row[4])
        }
    }
}
