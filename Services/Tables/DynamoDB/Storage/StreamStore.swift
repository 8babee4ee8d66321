import ServiceKit

/// A table's stream, of now or of the last day.
struct StreamDefinition: Sendable {
    let id: Int64
    let account: String
    let region: String
    let tableName: String
    let label: String
    let view: StreamView
    let schema: KeySchema
    let createdAt: Timestamp
    /// Sequence numbers of its records begin here.
    let firstSequence: Int64
    /// Since when it takes no more records.
    let disabledAt: Timestamp?
    let lastSequence: Int64?

    var arn: ARN { ARN("dynamodb", region: region, account: account, "table/\(tableName)/stream/\(label)") }
}

extension Snapshot {
    func streams(account: String, region: String) throws -> [StreamDefinition] {
        try rows(
            Self.selectStream + " WHERE account = ? AND region = ? ORDER BY table_name, label", account, region
        ) { try Self.stream($0) }
    }

    func stream(account: String, region: String, table: String, label: String) throws -> StreamDefinition? {
        try first(
            Self.selectStream + " WHERE account = ? AND region = ? AND table_name = ? AND label = ?", account, region,
            table, label
        ) { try Self.stream($0) }
    }

    func stream(_ id: Int64) throws -> StreamDefinition? {
        try first(Self.selectStream + " WHERE id = ?", id) { try Self.stream($0) }
    }

    /// Records of a stream from a sequence number on, until `body` has had enough.
    func scanRecords(of stream: Int64, from sequence: Int64, _ body: (StreamRecord) throws -> ScanStep) throws {
        try scan(
            """
            SELECT sequence, time, event, expired, key, old, new FROM record
            WHERE stream = ? AND sequence >= ? ORDER BY sequence
            """, stream, sequence
        ) { row in
            let old: [UInt8]? = try row[5]
            let new: [UInt8]? = try row[6]
            return try body(
                StreamRecord(
                    sequence: try row[0], time: try row[1], event: StreamRecord.Event(rawValue: try row[2]) ?? .modify,
                    isExpiry: try row[3], keys: StoredItem(bytes: try row[4]), old: old.map(StoredItem.init(bytes:)),
                    new: new.map(StoredItem.init(bytes:))))
        }
    }

    /// The first sequence number not yet given.
    func nextSequence() throws -> Int64 {
        (try value("SELECT seq FROM sqlite_sequence WHERE name = 'record'") ?? 0) + 1
    }

    private static let selectStream = """
        SELECT id, account, region, table_name, label, view, schema, created_at, first_sequence, disabled_at,
            last_sequence FROM stream
        """

    private static func stream(_ row: Row) throws -> StreamDefinition {
        StreamDefinition(
            id: try row[0], account: try row[1], region: try row[2], tableName: try row[3], label: try row[4],
            view: StreamView(rawValue: try row[5]) ?? .newAndOldImages,
            schema: try KeySchema(json: JSONDocument(row[6]).root), createdAt: try row[7], firstSequence: try row[8],
            disabledAt: try row[9], lastSequence: try row[10])
    }
}

extension Transaction {
    static let streamTopic = "streams"

    /// Opens a stream for a table.
    func openStream(_ view: StreamView, of table: TableDefinition, at now: Timestamp) throws -> TableDefinition.Stream {
        let stream = TableDefinition.Stream(id: try nextTree(), label: now.streamLabel, view: view)
        var schema = JSONWriter()
        schema.value(table.schema)
        try execute(
            """
            INSERT INTO stream (id, account, region, table_name, label, view, schema, created_at, first_sequence)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, stream.id, table.account, table.region, table.name, stream.label, view.rawValue, schema.bytes, now,
            try nextSequence())
        return stream
    }

    /// Ends a stream; its records can be read for a day.
    func closeStream(_ id: Int64, at now: Timestamp) throws {
        try execute(
            "UPDATE stream SET disabled_at = ?, last_sequence = ? WHERE id = ?", now, try nextSequence() - 1, id)
    }

    func append(_ record: StreamRecord, to stream: Int64) throws {
        try execute(
            """
            INSERT INTO record (stream, time, event, expired, key, old, new) VALUES (?, ?, ?, ?, ?, ?, ?)
            """, stream, record.time, record.event.rawValue, record.isExpiry, record.keys.bytes, record.old?.bytes,
            record.new?.bytes)
        announce(Self.streamTopic)
    }

    /// Forgets some records of before `time`. False when none was left.
    func trimRecords(before time: Timestamp, limit: Int) throws -> Bool {
        // Sequence and time ascend together: the oldest record tells whether there is anything to do.
        let through: Int64?? = try first(
            """
            SELECT max(sequence) FROM (SELECT sequence, time FROM record ORDER BY sequence LIMIT ?) WHERE time < ?
            """, limit, time
        ) { try $0[0] }
        guard let through = through ?? nil else { return false }
        try execute("DELETE FROM record WHERE sequence <= ?", through)
        try execute("UPDATE counter SET value = ? WHERE name = 'trimmed'", through)
        return true
    }

    /// Forgets streams that ended before `time`.
    func dropStreams(endedBefore time: Timestamp) throws {
        try execute("DELETE FROM stream WHERE disabled_at < ?", time)
    }
}

extension Snapshot {
    /// All records up to this sequence number are forgotten.
    func trimmedSequence() throws -> Int64 { try value("SELECT value FROM counter WHERE name = 'trimmed'") ?? 0 }
}

extension Timestamp {
    /// `2026-11-21T08:00:00.000`
    var streamLabel: String { String(iso8601(milliseconds: true).dropLast()) }
}
