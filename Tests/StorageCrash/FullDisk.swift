import Storage
import Synchronization

/// Fills the disk under a database, and frees it again.
func runFullDisk(folder: String) async throws {
    let database = try Database(
        path: "\(folder)/full.db",
        migrations: [Migration(1, "CREATE TABLE note (number INTEGER PRIMARY KEY, text BLOB)")])
    try await addNote(1, database)
    diskIsFull.store(true, ordering: .relaxed)
    do { try await addNote(2, database) } catch { say("while full: \(error)") }
    let visible: Int? = try await database.read { try $0.value("SELECT count(*) FROM note") }
    say("readable while full: \(visible ?? -1)")
    diskIsFull.store(false, ordering: .relaxed)
    try await addNote(3, database)
    let notes = try await database.read {
        try $0.rows("SELECT number FROM note ORDER BY number") { row -> Int in try row[0] }
    }
    say("in the end: \(notes)")
    database.close()
}

private func addNote(_ number: Int, _ database: Database) async throws {
    try await database.write { transaction in
        _ = try transaction.execute("INSERT INTO note VALUES (?, randomblob(20000))", number)
    }
}
