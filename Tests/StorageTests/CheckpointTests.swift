import Glibc
@testable import Storage
import Testing

@Suite struct CheckpointTests {
    private static let page = [UInt8](repeating: 7, count: 8000)

    /// Notes of a page each.
    private func write(_ name: String = "", into database: Database, workers: Int, count: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<workers {
                group.addTask {
                    for number in 0..<count {
                        try await database.write { _ = try $0.addNote("\(name) \(worker) \(number)", body: Self.page) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func logSize(_ folder: String) -> Int {
        var status = stat()
        return stat("\(folder)/notes.db-wal", &status) == 0 ? Int(status.st_size) : 0
    }

    @Test("Under constant writing the log starts over again and again, and the writer moves only its last pages")
    func constantWriting() async throws {
        var options = Database.Options()
        options.checkpointPages = 400
        try await withTemporaryFolder { folder in
            let database = try Database(path: "\(folder)/notes.db", migrations: noteSchema, options: options)
            try await write(into: database, workers: 16, count: 400)
            let counts = database.logCounts
            // At least 6400 pages went through a log that begins anew at 400.
            #expect(logSize(folder) < 6 * 400 * 8192, "\(counts)")
            #expect(counts.passes > 0)
            #expect(counts.mostPagesByWriter <= 400 / 16, "\(counts)")
            #expect(database.checkpointError == nil)
            database.close()
        }
    }

    @Test("A read that lasts keeps the log from starting over and stops no write; after it the log starts over")
    func longRead() async throws {
        var options = Database.Options()
        options.checkpointPages = 40
        try await withTemporaryFolder { folder in
            let database = try Database(path: "\(folder)/notes.db", migrations: noteSchema, options: options)
            try await database.write { _ = try $0.addNote("first") }
            let reader = try await database.openSnapshot()
            #expect(try reader.notes() == ["first"])
            try await write(into: database, workers: 1, count: 300)
            let grown = logSize(folder)
            #expect(grown > 300 * 8192)
            #expect(try reader.notes() == ["first"])
            try database.close(reader)
            try await write("after", into: database, workers: 2, count: 300)
            #expect(logSize(folder) < grown + 300 * 8192, "\(database.logCounts)")
            database.close()
        }
    }
}

/// What is done about the log, apart from files.
@Suite struct LogProgressTests {
    private func state(_ logged: Int, _ moved: Int) -> Connection.LogState {
        Connection.LogState(logged: logged, moved: moved)
    }

    @Test("The background moves a part of the log at a time, and the writer the little that came in meanwhile")
    func oneRound() {
        var log = LogProgress(limit: 400)
        #expect(log.logReached(99) == .goOn)
        #expect(log.logReached(100) == .move)
        #expect(log.logReached(395) == .goOn)
        log.passed(state(398, 398), generation: log.generation)
        #expect(log.logReached(400) == .restart)
        log.restarted(true)
        let first = log.generation
        #expect(log.logReached(3) == .goOn)
        #expect(log.generation == first + 1)
    }

    @Test("More than the writer should move is another pass's")
    func anotherPass() {
        var log = LogProgress(limit: 400)
        #expect(log.logReached(400) == .move)
        #expect(log.logReached(490) == .goOn)
        log.passed(state(470, 470), generation: log.generation)
        #expect(log.logReached(500) == .move)
        log.passed(state(500, 500), generation: log.generation)
        #expect(log.logReached(508) == .restart)
        log.restarted(true)
        #expect(log.missing == 0)
    }

    @Test("Where the background falls behind, commits wait for it a little each, and then the log starts over")
    func waits() {
        var log = LogProgress(limit: 400)
        #expect(log.logReached(100) == .move)
        #expect(log.logReached(499) == .goOn)
        #expect(log.logReached(600) == .wait(upTo: .milliseconds(5)))
        #expect(log.logReached(800) == .wait(upTo: .milliseconds(10)))
        #expect(log.logReached(1200) == .wait(upTo: .milliseconds(20)))
        #expect(log.logReached(100_000) == .wait(upTo: .milliseconds(40)))
        log.passed(state(1200, 1200), generation: log.generation)
        #expect(log.logReached(100_000) == .move)
        #expect(log.logReached(100_000) == .wait(upTo: .milliseconds(40)))
        log.passed(state(100_000, 100_000), generation: log.generation)
        #expect(log.logReached(100_000) == .restart)
    }

    @Test("Beside a long read or a failing disk nobody is held up, and attempts are rare")
    func noProgress() {
        var log = LogProgress(limit: 400)
        #expect(log.logReached(1500) == .move)
        log.passed(state(1500, 0), generation: log.generation)
        #expect(log.logReached(1599) == .goOn)
        #expect(log.logReached(1600) == .move)
        #expect(log.logReached(1700) == .goOn)
        log.passed(nil, generation: log.generation)
        #expect(log.logReached(1750) == .goOn)
        #expect(log.logReached(1800) == .move)
        log.passed(state(1800, 1790), generation: log.generation)
        #expect(log.logReached(1810) == .restart)
        log.restarted(false)
        #expect(log.logReached(1820) == .goOn)
        #expect(log.logReached(1910) == .move)
    }

    @Test("What a pass moved of an earlier log does not count for the one begun since")
    func earlierLog() {
        var log = LogProgress(limit: 400)
        #expect(log.logReached(100) == .move)
        let generation = log.generation
        #expect(log.logReached(10) == .goOn)
        log.passed(state(100, 100), generation: generation)
        #expect(log.missing == 10)
        #expect(log.logReached(110) == .move)
    }
}
