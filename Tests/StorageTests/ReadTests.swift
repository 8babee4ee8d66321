import Storage
import Synchronization
import Testing
import Time

@Suite struct ReadTests {
    @Test("A read sees one moment: what is written while it runs is not there")
    func snapshot() async throws {
        try await withNotes { database in
            try await database.write { _ = try $0.addNote("before") }
            let gate = Gate()
            async let seen = database.read { snapshot in
                let first = try snapshot.notes()
                gate.open()
                gate.waitUntilClosed()
                return (first, try snapshot.notes())
            }
            await Task.detached { gate.waitUntilOpen() }.value
            try await database.write { _ = try $0.addNote("meanwhile") }
            gate.close()
            let (first, second) = try await seen
            #expect(first == ["before"])
            #expect(second == ["before"])
            #expect(try await database.read { try $0.notes() } == ["before", "meanwhile"])
        }
    }

    @Test("More readers than connections wait for their turn and all are served")
    func manyReaders() async throws {
        var options = Database.Options()
        options.readerLimit = 2
        try await withNotes(options) { database in
            try await database.write { _ = try $0.addNote("one") }
            try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<100 { group.addTask { try await database.read { try $0.notes() } } }
                for try await notes in group { #expect(notes == ["one"]) }
            }
        }
    }

    @Test("The same query inside a row's callback reads on its own")
    func nestedQuery() async throws {
        try await withNotes { database in
            try await database.write { transaction in
                for text in ["a", "b", "c"] { try transaction.addNote(text) }
            }
            let pairs = try await database.read { snapshot in
                try snapshot.rows("SELECT text FROM note ORDER BY id") { row -> String in
                    let outer: String = try row[0]
                    return try outer + snapshot.notes().joined()
                }
            }
            #expect(pairs == ["aabc", "babc", "cabc"])
        }
    }

    @Test("Texts built anew for every query are told apart, far beyond the number of statements kept")
    func manyStatements() async throws {
        try await withNotes { database in
            try await database.write { _ = try $0.addNote("one") }
            for round in 0..<2 {
                for number in 0..<600 {
                    // One length, another text each time; freed and allocated again at the same places.
                    let sql = "SELECT \(1_000_000 + number * 1000 + round) FROM note"
                    let value: Int? = try await database.read { try $0.value(sql) }
                    #expect(value == 1_000_000 + number * 1000 + round)
                }
            }
        }
    }

    @Test("Writes that wait for one another share a commit, and each is counted")
    func commitCounts() async throws {
        try await withNotes { database in
            let before = database.commitCounts
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask { try await database.write { _ = try $0.addNote("note \(number)") } }
                }
                try await group.waitForAll()
            }
            let counts = database.commitCounts
            #expect(counts.writes - before.writes == 100)
            #expect((1...100).contains(counts.commits - before.commits))
        }
    }

    @Test("A reader cannot write")
    func readOnly() async throws {
        try await withNotes { database in
            await #expect(throws: StorageError.self) {
                try await database.read { try $0.rows("DELETE FROM note RETURNING id") { _ in } }
            }
        }
    }

    @Test("Values come back as they went in, empty ones and NULL told apart")
    func values() async throws {
        try await withNotes { database in
            let text = "na\u{308}ive \u{0} 🐦"
            let time = Timestamp(milliseconds: 1_795_000_000_123)
            try await database.write { transaction in
                try transaction.execute(
                    "CREATE TABLE v (a INTEGER, b REAL, c TEXT, d BLOB, e TEXT, f BLOB, g INTEGER, h TEXT, i INTEGER)")
                try transaction.execute(
                    "INSERT INTO v VALUES (?,?,?,?,?,?,?,?,?)", Int64.min, 0.1, text, [UInt8](0...255), "", [UInt8](),
                    time, String?.none, true)
            }
            try await database.read { snapshot in
                let row: Void? = try snapshot.first("SELECT * FROM v") { (row: Row) throws in
                    #expect(try row[0] == Int64.min)
                    #expect(try row[1] == 0.1)
                    #expect(try row[2] == text)
                    #expect(try row[3] == [UInt8](0...255))
                    #expect(try row[4] == "")
                    #expect(try row[5] == [UInt8]())
                    #expect(try row[6] == time)
                    #expect(try row[7] == String?.none)
                    #expect(try row[8] == true)
                    #expect(throws: StorageError.self) { let _: String = try row[7] }
                    #expect(throws: StorageError.self) { let _: Int = try row[9] }
                }
                #expect(row != nil)
            }
        }
    }

    @Test("A wrong number of values is refused before anything runs")
    func valueCount() async throws {
        try await withNotes { database in
            await #expect(throws: StorageError.self) {
                try await database.write { _ = try $0.execute("INSERT INTO note (text) VALUES (?)") }
            }
        }
    }
}

/// Holds a closure on one thread until another has seen it.
final class Gate: Sendable {
    private let isOpen = Atomic<Bool>(false)
    private let isClosed = Atomic<Bool>(false)
    func open() { isOpen.store(true, ordering: .releasing) }
    func close() { isClosed.store(true, ordering: .releasing) }
    func waitUntilOpen() { while !isOpen.load(ordering: .acquiring) {} }
    func waitUntilClosed() { while !isClosed.load(ordering: .acquiring) {} }
}
