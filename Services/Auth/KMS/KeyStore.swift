import ServiceKit

private let columns = """
    k.id, k.account, k.region, k.created, k.spec, k.usage, k.manager, k.description, k.state, k.deletion,
    k.waiting_days, k.policy, k.tags, k.rotation_days, k.next_rotation
    """

extension Snapshot {
    func key(_ id: String) throws -> Key? {
        try first("SELECT \(columns) FROM kms_key k WHERE k.id = ?", id, body: Key.init)
    }

    func key(ofAlias name: String, account: String, region: String) throws -> Key? {
        try first(
            """
            SELECT \(columns) FROM alias a JOIN kms_key k ON k.id = a.key
            WHERE a.account = ? AND a.region = ? AND a.name = ?
            """, account, region, name, body: Key.init)
    }

    func keys(of account: String, in region: String, after id: String, limit: Int) throws -> [Key] {
        try rows(
            "SELECT \(columns) FROM kms_key k WHERE k.account = ? AND k.region = ? AND k.id > ? ORDER BY k.id LIMIT ?",
            account, region, id, limit, body: Key.init)
    }

    /// Keys whose waiting time is over.
    func keysToDelete(at now: Timestamp) throws -> [Key] {
        try rows(
            "SELECT \(columns) FROM kms_key k WHERE k.deletion IS NOT NULL AND k.deletion <= ?", now, body: Key.init)
    }

    /// Keys that are due for new material.
    func keysToRotate(at now: Timestamp) throws -> [Key] {
        try rows(
            """
            SELECT \(columns) FROM kms_key k
            WHERE k.next_rotation IS NOT NULL AND k.next_rotation <= ? AND k.state <> 'PendingDeletion'
            """, now, body: Key.init)
    }
}

extension Transaction {
    /// Stores a key with its first material.
    func insert(_ key: Key, _ material: KeyMaterial) throws {
        try execute(
            """
            INSERT INTO kms_key (id, account, region, created, spec, usage, manager, description, state, policy, tags,
                rotation_days, next_rotation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, key.id, key.account, key.region, key.created, key.spec, key.usage, key.keeper, key.description,
            key.state, key.policy, key.tags.encoded, key.rotation?.days, key.rotation?.next)
        try insert(material, of: key)
    }

    func update(_ key: Key) throws {
        try execute(
            """
            UPDATE kms_key SET description = ?, state = ?, deletion = ?, waiting_days = ?, policy = ?, tags = ?,
                rotation_days = ?, next_rotation = ? WHERE id = ?
            """, key.description, key.state, key.deletion, key.waitingDays, key.policy, key.tags.encoded,
            key.rotation?.days, key.rotation?.next, key.id)
    }

    /// Forgets a key with all that belongs to it: what it enciphered opens never again.
    func delete(_ key: Key) throws {
        try execute("DELETE FROM kms_key WHERE id = ?", key.id)
        try execute("DELETE FROM material WHERE key = ?", key.id)
        try execute("DELETE FROM alias WHERE key = ?", key.id)
        try execute("DELETE FROM key_grant WHERE key = ?", key.id)
    }
}

extension Key {
    fileprivate init(_ row: Row) throws {
        let days: Int? = try row[13]
        let next: Timestamp? = try row[14]
        self.init(
            id: try row[0], account: try row[1], region: try row[2], created: try row[3], spec: try row[4],
            usage: try row[5], keeper: try row[6], description: try row[7], state: try row[8], deletion: try row[9],
            waitingDays: try row[10], policy: try row[11], tags: try [Tag](encoded: try row[12]),
            rotation: days.flatMap { days in next.map { Rotation(days: days, next: $0) } })
    }
}
