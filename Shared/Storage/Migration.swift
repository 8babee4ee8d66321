/// One step of a schema: SQL that is run once, and never changed after it was released.
public struct Migration: Sendable {
    /// 1, 2, 3 … within its `group`.
    public let version: Int
    public let sql: String
    /// Schemas that share a database, such as a service's own and the event log's, are numbered apart.
    public let group: String

    public init(_ version: Int, _ sql: String, group: String = "service") {
        self.version = version
        self.sql = sql
        self.group = group
    }
}

extension Connection {
    /// Applies what is not yet recorded, each step in a transaction of its own.
    ///
    /// - Throws: `StorageError.migration` if versions have gaps, a released step was edited, or the file is newer.
    func migrate(_ migrations: [Migration]) throws {
        try executeScript(
            """
            CREATE TABLE IF NOT EXISTS migration (
                "group" TEXT NOT NULL, version INTEGER NOT NULL, sql TEXT NOT NULL, PRIMARY KEY ("group", version)
            ) WITHOUT ROWID
            """)
        let groups = Set(migrations.map(\.group)).sorted()
        for group in groups {
            try migrate(group, migrations.filter { $0.group == group })
        }
    }

    private func migrate(_ group: String, _ migrations: [Migration]) throws {
        guard migrations.map(\.version) == Array(1..<migrations.count + 1) else {
            throw StorageError.migration(message: "\(group): migrations are not numbered 1, 2, 3 …")
        }
        let recorded = try recordedSQL(of: group)
        guard recorded.count <= migrations.count else {
            throw StorageError.migration(
                message: "\(group): the file is at version \(recorded.count), this program knows \(migrations.count)")
        }
        for (migration, sql) in zip(migrations, recorded) where migration.sql != sql {
            throw StorageError.migration(message: "\(group): migration \(migration.version) was edited after release")
        }
        for migration in migrations.dropFirst(recorded.count) { try apply(migration) }
    }

    private func recordedSQL(of group: String) throws -> [String] {
        var all: [String] = []
        try scan("SELECT sql FROM migration WHERE \"group\" = ? ORDER BY version", [group]) { row in
            all.append(try row[0])
            return .next
        }
        return all
    }

    private func apply(_ migration: Migration) throws {
        try execute("BEGIN IMMEDIATE")
        do {
            try executeScript(migration.sql)
            try execute(
                "INSERT INTO migration VALUES (?, ?, ?)", [migration.group, migration.version, migration.sql])
            try execute("COMMIT")
        } catch {
            if isInTransaction { try? execute("ROLLBACK") }
            throw error
        }
    }
}
