import ServiceKit

/// The SQL of log streams.
extension Snapshot {
    func logStream(_ name: String, of group: LogGroup) throws -> LogStream? {
        try first(
            "\(LogStream.selection) WHERE log_group = ? AND name = ? AND deleted IS NULL", group.id, name,
            body: LogStream.init)
    }

    /// - Throws: `ResourceNotFoundException`
    func requireLogStream(_ name: String, of group: LogGroup) throws -> LogStream {
        guard let stream = try logStream(name, of: group) else { throw ServiceError.logStreamDoesNotExist }
        return stream
    }

    /// By name, beyond `position` in the given direction.
    func logStreams(
        of group: LogGroup, prefix: String, beyond position: String?, descending: Bool, limit: Int
    ) throws -> [LogStream] {
        let (comparison, order) = descending ? ("<", "DESC") : (">", "ASC")
        return try rows(
            """
            \(LogStream.selection) WHERE log_group = ? AND deleted IS NULL AND substr(name, 1, length(?)) = ?
                AND (? IS NULL OR name \(comparison) ?)
            ORDER BY name \(order) LIMIT ?
            """, group.id, prefix, prefix, position, position, limit, body: LogStream.init)
    }

    /// By the time of the last event, streams without any counting as the oldest.
    func logStreamsByLastEvent(
        of group: LogGroup, beyond position: (time: Int64, id: Int64)?, descending: Bool, limit: Int
    ) throws -> [LogStream] {
        let (comparison, order) = descending ? ("<", "DESC") : (">", "ASC")
        return try rows(
            """
            \(LogStream.selection) WHERE log_group = ? AND deleted IS NULL
                AND (? IS NULL OR (coalesce(last_event, -1), id) \(comparison) (?, ?))
            ORDER BY coalesce(last_event, -1) \(order), id \(order) LIMIT ?
            """, group.id, position?.time, position?.time, position?.id, limit, body: LogStream.init)
    }

    /// The numbers of streams by names or by prefix, for filters.
    func logStreamIDs(of group: LogGroup, named names: [String]) throws -> Set<Int64> {
        Set(try names.compactMap { try logStream($0, of: group)?.id })
    }

    func logStreamIDs(of group: LogGroup, prefix: String) throws -> Set<Int64> {
        Set(
            try rows(
                """
                SELECT id FROM log_stream
                WHERE log_group = ? AND deleted IS NULL AND name >= ? AND substr(name, 1, length(?)) = ?
                """, group.id, prefix, prefix, prefix
            ) { try $0[0] as Int64 })
    }

    /// `nil` for a deleted stream.
    func logStreamName(_ id: Int64) throws -> String? {
        try value("SELECT name FROM log_stream WHERE id = ? AND deleted IS NULL", id)
    }

    func deletedLogStreams() throws -> [Int64] {
        try rows("SELECT id FROM log_stream WHERE deleted IS NOT NULL") { try $0[0] }
    }
}

extension Transaction {
    func insertLogStream(_ name: String, of group: LogGroup, at now: Timestamp) throws {
        try execute("INSERT INTO log_stream (log_group, name, created) VALUES (?, ?, ?)", group.id, name, now)
    }

    /// Its events go later, in the background.
    func markDeleted(_ stream: LogStream, at now: Timestamp) throws {
        try execute("UPDATE log_stream SET deleted = ? WHERE id = ?", now, stream.id)
    }

    func dropLogStream(_ stream: Int64) throws { try execute("DELETE FROM log_stream WHERE id = ?", stream) }
}

extension LogStream {
    fileprivate static let selection = """
        SELECT id, name, created, first_event, last_event, last_ingestion FROM log_stream
        """

    fileprivate init(_ row: Row) throws {
        id = try row[0]
        name = try row[1]
        created = try row[2]
        firstEvent = try row[3]
        lastEvent = try row[4]
        lastIngestion = try row[5]
    }
}
