import ServiceKit

/// The SQL of log events.
extension Snapshot {
    /// Visits a stream's events with times in a range, beyond a position, until `body` returns `.stop`.
    func scanEvents(
        of stream: LogStream, in times: Range<Int64>, beyond position: EventPosition, descending: Bool,
        _ body: (LogEvent) throws -> ScanStep
    ) throws {
        let (comparison, order) = descending ? ("<", "DESC") : (">", "ASC")
        try scan(
            """
            SELECT timestamp, number, stream, ingested, message FROM event
            WHERE stream = ? AND timestamp >= ? AND timestamp < ? AND (timestamp, number) \(comparison) (?, ?)
            ORDER BY timestamp \(order), number \(order)
            """, stream.id, times.lowerBound, times.upperBound, position.timestamp, position.number
        ) { try body(LogEvent($0)) }
    }

    /// Visits a group's events with times in a range after a position, until `body` returns `.stop`.
    func scanEvents(
        of group: LogGroup, in times: Range<Int64>, after position: EventPosition,
        _ body: (LogEvent) throws -> ScanStep
    ) throws {
        try scan(
            """
            SELECT timestamp, number, stream, ingested, message FROM event
            WHERE log_group = ? AND timestamp >= ? AND timestamp < ? AND (timestamp, number) > (?, ?)
            ORDER BY timestamp, number
            """, group.id, times.lowerBound, times.upperBound, position.timestamp, position.number
        ) { try body(LogEvent($0)) }
    }
}

extension Transaction {
    /// Answers the number of the last event.
    func append(_ entries: ArraySlice<EventEntry>, to stream: LogStream, of group: LogGroup, at now: Timestamp) throws
        -> Int64
    {
        let first: Int64 = try value("SELECT next FROM event_number") ?? 1
        guard let earliest = entries.first?.timestamp, let latest = entries.last?.timestamp else { return first }
        for (offset, entry) in entries.enumerated() {
            try execute(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", group.id, entry.timestamp, first + Int64(offset),
                stream.id, now, entry.message)
        }
        try execute("UPDATE event_number SET next = ?", first + Int64(entries.count))
        try execute(
            """
            UPDATE log_stream SET first_event = min(coalesce(first_event, ?), ?),
                last_event = max(coalesce(last_event, ?), ?), last_ingestion = ?
            WHERE id = ?
            """, earliest, earliest, latest, latest, now, stream.id)
        let bytes = entries.reduce(0) { $0 + $1.byteCount }
        try execute("UPDATE log_group SET stored_bytes = stored_bytes + ? WHERE id = ?", bytes, group.id)
        return first + Int64(entries.count) - 1
    }

    /// Deletes up to `limit` events of a group that happened before `time`; says how many there were.
    func deleteEvents(of group: Int64, before time: Timestamp, limit: Int) throws -> Int {
        try deleteEvents(
            rows(
                """
                SELECT log_group, timestamp, number, length(CAST(message AS BLOB)) FROM event
                WHERE log_group = ? AND timestamp < ? ORDER BY timestamp, number LIMIT ?
                """, group, time, limit, body: StoredEvent.init))
    }

    func deleteEvents(ofStream stream: Int64, limit: Int) throws -> Int {
        try deleteEvents(
            rows(
                "SELECT log_group, timestamp, number, length(CAST(message AS BLOB)) FROM event WHERE stream = ? LIMIT ?",
                stream, limit, body: StoredEvent.init))
    }

    private func deleteEvents(_ events: [StoredEvent]) throws -> Int {
        for event in events {
            try execute(
                "DELETE FROM event WHERE log_group = ? AND timestamp = ? AND number = ?",
                event.group, event.timestamp, event.number)
        }
        if let group = events.first?.group {
            let bytes = events.reduce(0) { $0 + $1.bytes + LogEvent.overhead }
            try execute(
                "UPDATE log_group SET stored_bytes = max(0, stored_bytes - ?) WHERE id = ?", bytes, group)
        }
        return events.count
    }
}

private struct StoredEvent {
    let group: Int64
    let timestamp: Int64
    let number: Int64
    let bytes: Int

    init(_ row: Row) throws {
        group = try row[0]
        timestamp = try row[1]
        number = try row[2]
        bytes = try row[3]
    }
}

extension LogEvent {
    fileprivate init(_ row: Row) throws {
        position = EventPosition(timestamp: try row[0], number: try row[1])
        stream = try row[2]
        ingested = try row[3]
        message = try row[4]
    }
}
