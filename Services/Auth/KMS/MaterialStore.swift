import ServiceKit

private let columns = "version, id, sealed, created, rotation"

extension Snapshot {
    /// - Parameter version: `nil` for the one that new messages are enciphered under.
    func material(of key: Key, version: Int? = nil) throws -> KeyMaterial? {
        guard let version else {
            return try first(
                "SELECT \(columns) FROM material WHERE key = ? ORDER BY version DESC LIMIT 1", key.id,
                body: KeyMaterial.init)
        }
        return try first(
            "SELECT \(columns) FROM material WHERE key = ? AND version = ?", key.id, version, body: KeyMaterial.init)
    }

    func materials(of key: Key, after version: Int, limit: Int) throws -> [KeyMaterial] {
        try rows(
            "SELECT \(columns) FROM material WHERE key = ? AND version > ? ORDER BY version LIMIT ?", key.id, version,
            limit, body: KeyMaterial.init)
    }

    func rotationsOnDemand(of key: Key) throws -> Int {
        try value(
            "SELECT count(*) FROM material WHERE key = ? AND rotation = ?", key.id, KeyMaterial.Cause.onDemand) ?? 0
    }
}

extension Transaction {
    func insert(_ material: KeyMaterial, of key: Key) throws {
        try execute(
            "INSERT INTO material (key, version, id, sealed, created, rotation) VALUES (?, ?, ?, ?, ?, ?)", key.id,
            material.version, material.id, material.sealed, material.created, material.cause)
    }

    /// Gives a key new material; the old stays for what it enciphered.
    func rotate(_ key: Key, because cause: KeyMaterial.Cause, at now: Timestamp, _ masterKey: MasterKey) throws {
        let last = try material(of: key)?.version ?? 0
        try insert(try KeyMaterial(for: key, version: last + 1, cause: cause, at: now, masterKey), of: key)
    }
}

extension KeyMaterial {
    fileprivate init(_ row: Row) throws {
        self.init(
            version: try row[0], id: try row[1], sealed: try row[2], created: try row[3], cause: try row[4])
    }
}
