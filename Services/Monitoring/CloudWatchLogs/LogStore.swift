import ServiceKit

/// The log groups of one executable.
///
/// Its SQL stands here (groups), in `StreamStore` and in `EventStore`.
struct LogStore: Sendable {
    let database: Database

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write(body)
    }

    func read<Result>(_ body: (Snapshot) throws -> Result) async throws -> Result { try await database.read(body) }
}

extension Snapshot {
    func logGroup(at address: LogGroupAddress) throws -> LogGroup? {
        try first(
            "\(LogGroup.selection) WHERE account = ? AND region = ? AND name = ? AND deleted IS NULL",
            address.account, address.region, address.name, body: LogGroup.init)
    }

    /// - Throws: `ResourceNotFoundException`
    func requireLogGroup(at address: LogGroupAddress) throws -> LogGroup {
        guard let group = try logGroup(at: address) else { throw ServiceError.logGroupDoesNotExist }
        return group
    }

    /// In the order of names, after `position`.
    func logGroups(
        of account: String, in region: String, prefix: String, containing part: String, after position: String,
        limit: Int
    ) throws -> [LogGroup] {
        try rows(
            """
            \(LogGroup.selection) WHERE account = ? AND region = ? AND deleted IS NULL AND name > ?
                AND substr(name, 1, length(?)) = ? AND instr(name, ?) > 0
            ORDER BY name LIMIT ?
            """, account, region, position, prefix, prefix, part, limit, body: LogGroup.init)
    }

    func logGroupsWithRetention() throws -> [LogGroup] {
        try rows("\(LogGroup.selection) WHERE retention_days IS NOT NULL AND deleted IS NULL", body: LogGroup.init)
    }

    func deletedLogGroups() throws -> [Int64] {
        try rows("SELECT id FROM log_group WHERE deleted IS NOT NULL") { try $0[0] }
    }

    func tags(of group: LogGroup) throws -> [String: String] {
        let pairs: [(String, String)] = try rows("SELECT key, value FROM log_group_tag WHERE log_group = ?", group.id) {
            (try $0[0], try $0[1])
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}

extension Transaction {
    func insertLogGroup(
        at address: LogGroupAddress, kmsKeyID: String?, groupClass: String, tags: [String: String], at now: Timestamp
    ) throws {
        try execute(
            "INSERT INTO log_group (account, region, name, created, kms_key_id, class) VALUES (?, ?, ?, ?, ?, ?)",
            address.account, address.region, address.name, now, kmsKeyID, groupClass)
        try setTags(tags, of: lastInsertedRowID)
    }

    /// Its streams and events go later, in the background.
    func markDeleted(_ group: LogGroup, at now: Timestamp) throws {
        try execute("UPDATE log_group SET deleted = ? WHERE id = ?", now, group.id)
        try execute("DELETE FROM log_group_tag WHERE log_group = ?", group.id)
    }

    func dropLogGroup(_ group: Int64) throws {
        try execute("DELETE FROM log_stream WHERE log_group = ?", group)
        try execute("DELETE FROM log_group WHERE id = ?", group)
    }

    func setRetention(of group: LogGroup, days: Int?) throws {
        try execute("UPDATE log_group SET retention_days = ? WHERE id = ?", days, group.id)
    }

    func setTags(_ tags: [String: String], of group: Int64) throws {
        for (key, value) in tags {
            try execute("INSERT OR REPLACE INTO log_group_tag VALUES (?, ?, ?)", group, key, value)
        }
    }

    func removeTags(_ keys: [String], of group: LogGroup) throws {
        for key in keys { try execute("DELETE FROM log_group_tag WHERE log_group = ? AND key = ?", group.id, key) }
    }
}

extension LogGroup {
    fileprivate static let selection = """
        SELECT id, account, region, name, created, retention_days, stored_bytes, kms_key_id, class FROM log_group
        """

    fileprivate init(_ row: Row) throws {
        id = try row[0]
        address = LogGroupAddress(account: try row[1], region: try row[2], name: try row[3])
        created = try row[4]
        retentionDays = try row[5]
        storedBytes = try row[6]
        kmsKeyID = try row[7]
        groupClass = try row[8]
    }
}
