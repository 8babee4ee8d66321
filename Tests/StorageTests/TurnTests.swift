import Glibc
import Testing
import Threads

@testable import Storage

@Suite("Reads of one turn") struct TurnTests {
    @Test("Reads share a snapshot until something is committed, and give it back at the turn's end")
    func sharing() async throws {
        var options = Database.Options()
        options.readerLimit = 1
        try await withNotes(options) { database in
            try await database.write { _ = try $0.addNote("first") }
            let seen = try await inTurn { () throws -> [[String]] in
                let before = try database.readInTurn { try $0.notes() }
                let again = try database.readInTurn { try $0.notes() }
                try Self.waitForWrite(to: database)
                return [before, again, try database.readInTurn { try $0.notes() }]
            }
            #expect(seen == [["first"], ["first"], ["first", "second"]])
            // The only reader was given back, or this would wait for ever.
            #expect(try await database.read { try $0.notes() } == ["first", "second"])
        }
    }

    @Test("Whatever was acknowledged before a read began is seen by it")
    func freshness() async throws {
        try await withNotes { database in
            let acknowledged = Counter()
            let writing = Task {
                for count in 1...300 {
                    try await database.write { _ = try $0.addNote("\(count)") }
                    acknowledged.increment()
                }
            }
            let stale = try await Task.detached {
                var stale = 0
                while acknowledged.value < 300 {
                    stale += try await inTurn { () throws -> Int in
                        try (0..<8).reduce(0) { stale, _ in
                            let known = acknowledged.value
                            let seen = try database.readInTurn { try $0.notes().count }
                            return stale + (seen < known ? 1 : 0)
                        }
                    }
                }
                return stale
            }.value
            try await writing.value
            #expect(stale == 0)
        }
    }

    @Test("Where other processes commit too, every read opens a snapshot of its own")
    func sharedDatabases() async throws {
        var options = Database.Options()
        options.isShared = true
        try await withNotes(options) { database in
            let isShared = try await inTurn { try database.snapshotOfTurn() != nil }
            #expect(!isShared)
        }
    }

    @Test("A page that the disk does not deliver is an error of the read, on a thread that takes no signals, too")
    func unreadablePages() async throws {
        try await withTemporaryFolder { folder in
            let path = try await writeLargeNotes(in: folder)
            let database = try Database(path: path, migrations: noteSchema)
            defer { database.close() }
            let bodies: @Sendable (Snapshot) throws -> Int = {
                try $0.rows("SELECT body FROM note") { try $0[0] as [UInt8] }.count
            }
            let whole = try await inTurn { try database.readInTurn(bodies) }
            #expect(whole == 200)
            #expect(truncate(path, 600_000) == 0)
            await #expect(throws: StorageError.self) { try await inTurn { try database.readInTurn(bodies) } }
        }
    }

    private static func waitForWrite(to database: Database) throws {
        let written = Gate()
        Task.detached {
            try await database.write { _ = try $0.addNote("second") }
            written.open()
        }
        written.waitUntilOpen()
    }
}

/// Runs `body` in a turn of a thread of its own.
private func inTurn<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        do {
            _ = try WorkThread(named: "turn") {
                var result: Result<T, any Error> = .failure(CancellationError())
                Turn().run { result = Result { try body() } }
                continuation.resume(with: result)
            }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

extension Database {
    fileprivate func readInTurn<T>(_ body: (Snapshot) throws -> T) throws -> T {
        let snapshot = try #require(try snapshotOfTurn())
        let result = Result { try body(snapshot) }
        try close(snapshot)
        return try result.get()
    }
}
