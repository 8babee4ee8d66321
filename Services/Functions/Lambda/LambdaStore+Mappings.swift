import ServiceKit

extension Snapshot {
    func mapping(_ id: String) throws -> EventSourceMapping? {
        try first("SELECT configuration FROM mapping WHERE id = ?", id, body: Self.mapping)
    }

    /// Mappings after an id, of an account and region; function and source narrow them.
    func mappings(
        account: String, region: String, function: String?, source: String?, after id: String, limit: Int
    ) throws -> [EventSourceMapping] {
        try rows(
            """
            SELECT configuration FROM mapping
            WHERE account = ? AND region = ? AND id > ? AND (? IS NULL OR function = ?) AND (? IS NULL OR source = ?)
            ORDER BY id LIMIT ?
            """, account, region, id, function, function, source, source, limit, body: Self.mapping)
    }

    func allMappings() throws -> [EventSourceMapping] {
        try rows("SELECT configuration FROM mapping", body: Self.mapping)
    }

    /// How far a shard has been worked off: the last sequence number, or `end`.
    func checkpoint(of mapping: String, shard: String) throws -> String? {
        try value("SELECT sequence FROM checkpoint WHERE mapping = ? AND shard = ?", mapping, shard, as: String.self)
    }

    private static func mapping(_ row: Row) throws -> EventSourceMapping {
        try EventSourceMapping(json: JSONDocument(row[0]).root)
    }
}

extension Transaction {
    func put(_ mapping: EventSourceMapping) throws {
        let key = mapping.functionKey
        try execute(
            """
            INSERT INTO mapping (id, account, region, function, source, configuration) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET function = excluded.function, configuration = excluded.configuration
            """, mapping.id, key.account, key.region, mapping.functionARN, mapping.source.description, mapping.encoded)
        announce(MappingSupervisor.announcement)
    }

    func deleteMapping(_ id: String) throws {
        try execute("DELETE FROM checkpoint WHERE mapping = ?", id)
        try execute("DELETE FROM mapping WHERE id = ?", id)
        announce(MappingSupervisor.announcement)
    }

    /// Only for a mapping that is still there: a poller may be a moment behind its deletion.
    func setCheckpoint(_ sequence: String, of mapping: String, shard: String) throws {
        try execute(
            """
            INSERT INTO checkpoint (mapping, shard, sequence)
            SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM mapping WHERE id = ?)
            ON CONFLICT DO UPDATE SET sequence = excluded.sequence
            """, mapping, shard, sequence, mapping)
    }
}
