import Glibc
import Storage
import Testing

/// A folder of its own for each test, gone afterwards.
@discardableResult
func withTemporaryFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    var template = Array("/tmp/apus-storage-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { removeFolder(folder) }
    return try await body(folder)
}

private func removeFolder(_ folder: String) {
    if let directory = opendir(folder) {
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != "..", unlink("\(folder)/\(name)") != 0 { removeFolder("\(folder)/\(name)") }
        }
        closedir(directory)
    }
    rmdir(folder)
}

let noteSchema = [Migration(1, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, body BLOB)")]

/// A database with one table of notes.
@discardableResult
func withNotes<T>(_ options: Database.Options = .init(), _ body: (Database) async throws -> T) async throws -> T {
    try await withTemporaryFolder { folder in
        let database = try Database(path: "\(folder)/notes.db", migrations: noteSchema, options: options)
        defer { database.close() }
        return try await body(database)
    }
}

extension Transaction {
    @discardableResult
    func addNote(_ text: String, body: [UInt8]? = nil) throws -> Int64 {
        try execute("INSERT INTO note (text, body) VALUES (?, ?)", text, body)
        return try lastInsertedRowID
    }
}

extension Snapshot {
    func notes() throws -> [String] { try rows("SELECT text FROM note ORDER BY id") { try $0[0] } }
}

@Suite struct WriteTests {
    @Test("A committed write is seen by the next read and by the next opening of the file")
    func committedWrite() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/notes.db"
            let first = try Database(path: path, migrations: noteSchema)
            let id = try await first.write { try $0.addNote("kept", body: [1, 0, 255]) }
            #expect(try await first.read { try $0.notes() } == ["kept"])
            first.close()
            let second = try Database(path: path, migrations: noteSchema)
            let body: [UInt8]? = try await second.read { try $0.value("SELECT body FROM note WHERE id = ?", id) }
            #expect(body == [1, 0, 255])
            second.close()
        }
    }

    @Test("A body that throws undoes its own work and nobody else's")
    func throwingBody() async throws {
        struct Refused: Error {}
        try await withNotes { database in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        do {
                            try await database.write { transaction in
                                try transaction.addNote("note \(number)")
                                if number.isMultiple(of: 3) { throw Refused() }
                            }
                            return true
                        } catch is Refused { return false }
                    }
                }
                var stored = 0
                for try await kept in group where kept { stored += 1 }
                #expect(stored == 133)
            }
            let notes = try await database.read { try $0.notes() }
            #expect(Set(notes) == Set((0..<200).filter { !$0.isMultiple(of: 3) }.map { "note \($0)" }))
        }
    }

    @Test("A broken constraint is told apart by kind, and the value before stays")
    func constraint() async throws {
        try await withNotes { database in
            try await database.write { _ = try $0.addNote("once") }
            let error = await #expect(throws: StorageError.self) {
                try await database.write { _ = try $0.addNote("once") }
            }
            guard case .constraint(.unique, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try await database.read { try $0.notes() } == ["once"])
        }
    }

    @Test("A transaction kept beyond its closure refuses to work")
    func escapedTransaction() async throws {
        try await withNotes { database in
            nonisolated(unsafe) var escaped: Snapshot?
            try await database.read { escaped = $0 }
            #expect(throws: StorageError.closed) { try escaped?.notes() }
        }
    }

    @Test("Commit hooks run before the writer is answered, and not for a body that threw")
    func commitHooks() async throws {
        struct Refused: Error {}
        try await withNotes { database in
            let rung = Counter()
            try await database.write { transaction in
                try transaction.addNote("a")
                transaction.afterCommit { rung.increment() }
            }
            #expect(rung.value == 1)
            await #expect(throws: Refused.self) {
                try await database.write { transaction in
                    transaction.afterCommit { rung.increment() }
                    throw Refused()
                }
            }
            #expect(rung.value == 1)
        }
    }

    @Test("What the writes of a commit come to is stored once for all of them, without those that threw")
    func summaries() async throws {
        struct Refused: Error {}
        try await withNotes { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...100 {
                    group.addTask {
                        try? await database.write { transaction in
                            transaction.summary(NoteSum.self).value += number
                            if number.isMultiple(of: 5) { throw Refused() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let sums = try await database.read { try $0.notes() }.compactMap { Int($0.split(separator: " ")[1]) }
            #expect(sums.reduce(0, +) == 5050 - 1050)
            #expect(sums.count <= database.commitCounts.commits)
        }
    }

    @Test("After close, reads and writes say so, and queued writes were finished")
    func closing() async throws {
        try await withNotes { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 { group.addTask { try await database.write { _ = try $0.addNote("\(number)") } } }
                try await group.waitForAll()
            }
            database.close()
            await #expect(throws: StorageError.closed) { try await database.write { _ = try $0.addNote("late") } }
            await #expect(throws: StorageError.closed) { try await database.read { try $0.notes() } }
        }
    }
}

/// Stored as a note of its own for each commit.
private final class NoteSum: CommitSummary {
    var value = 0

    func add(_ other: NoteSum) { value += other.value }
    func store(in transaction: Transaction) throws {
        try transaction.addNote("sum \(value) \(UInt64.random(in: 0...UInt64.max))")
    }
}
