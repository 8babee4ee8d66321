import EventLog
import Storage
import Synchronization
import Testing
import Time

struct NoteAdded: Event {
    static let type = "NoteAdded"
    let text: String
    var key: String { text }
    func write(to json: inout JSONWriter) { json.member("text", text) }
}

struct NoteRemoved: Event {
    static let type = "NoteRemoved"
    let text: String
    var key: String { text }
    func write(to json: inout JSONWriter) { json.member("text", text) }
}

@discardableResult
private func withLog<T>(_ body: (Database, EventLog) async throws -> T) async throws -> T {
    try await withTemporaryFolder { folder in
        let database = try Database(path: "\(folder)/log.db", migrations: noteSchema + EventLog.migrations)
        defer { database.close() }
        return try await body(database, EventLog(database))
    }
}

extension Database {
    fileprivate func add(_ texts: String...) async throws {
        for text in texts {
            try await write { transaction in
                try transaction.addNote(text)
                try transaction.record(NoteAdded(text: text))
            }
        }
    }
}

extension EventPage {
    fileprivate func texts() throws -> [String] { try events.map { try $0.members()("text") } }
}

@Suite struct EventLogTests {
    @Test("Events are read in the order of their commits, with key, type and body")
    func reading() async throws {
        try await withLog { database, log in
            try await database.add("a", "b", "c")
            let first = try await log.read(after: nil, limit: 2)
            #expect(try first.texts() == ["a", "b"])
            #expect(first.events.map(\.key) == ["a", "b"])
            #expect(first.events.map(\.type) == ["NoteAdded", "NoteAdded"])
            let second = try await log.read(after: first.through, limit: 2)
            #expect(try second.texts() == ["c"])
            let third = try await log.read(after: second.through, limit: 2)
            #expect(third.events.isEmpty)
            #expect(third.through == second.through)
        }
    }

    @Test("An event whose transaction throws was never there")
    func rolledBack() async throws {
        struct Refused: Error {}
        try await withLog { database, log in
            await #expect(throws: Refused.self) {
                try await database.write { transaction in
                    try transaction.record(NoteAdded(text: "a"))
                    throw Refused()
                }
            }
            let page = try await log.read(after: nil, limit: 10)
            #expect(page.events.isEmpty)
        }
    }

    @Test("Other types are passed over, and the cursor with them")
    func types() async throws {
        try await withLog { database, log in
            try await database.add("a")
            try await database.write { try $0.record(NoteRemoved(text: "a")) }
            try await database.add("b")
            let page = try await log.read(after: nil, types: [NoteRemoved.type], limit: 10)
            #expect(page.events.map(\.type) == [NoteRemoved.type])
            #expect(page.through.position == 3)
        }
    }

    @Test("Events wait for the slowest registered subscriber, and are trimmed behind it")
    func trimming() async throws {
        try await withLog { database, log in
            try await log.register(["slow", "fast"])
            try await database.add("a", "b", "c")
            let page = try await log.read(after: nil, limit: 10)
            try await log.acknowledge(page.through, by: "fast")
            #expect(try await log.read(after: nil, limit: 10).texts() == ["a", "b", "c"])
            let first = EventCursor(log: page.through.log, position: page.events[0].position)
            try await log.acknowledge(first, by: "slow")
            #expect(try await log.read(after: nil, limit: 10).texts() == ["b", "c"])
            let lag = try await log.subscribers()
            #expect(lag.map(\.name) == ["fast", "slow"])
            #expect(lag.map(\.waiting) == [0, 2])
            #expect(lag[1].oldestWaiting == page.events[1].time)
            try await log.unregister("slow")
            #expect(try await log.read(after: nil, limit: 10).events.isEmpty)
        }
    }

    @Test("An acknowledgement cannot go back, beyond the end, or come from another log")
    func acknowledging() async throws {
        try await withLog { database, log in
            try await database.add("a", "b")
            let end = try await log.read(after: nil, limit: 10).through
            try await log.acknowledge(end, by: "one")
            try await log.acknowledge(EventCursor(log: end.log, position: 1), by: "one")
            #expect(try await log.subscribers()[0].position == 2)
            try await log.acknowledge(EventCursor(log: end.log, position: 1000), by: "one")
            try await log.acknowledge(EventCursor(log: "another", position: 1000), by: "two")
            try await database.add("c")
            #expect(try await log.read(after: end, limit: 10).texts() == ["c"])
            #expect(try await log.subscribers().map(\.waiting) == [1, 1])
        }
    }

    @Test("A position is not used again after its event was trimmed")
    func positions() async throws {
        try await withLog { database, log in
            try await database.add("a", "b")
            let end = try await log.read(after: nil, limit: 10).through
            try await log.acknowledge(end, by: "one")
            try await database.add("c")
            #expect(try await log.read(after: nil, limit: 10).events.map(\.position) == [3])
        }
    }

    @Test("A log made anew is read from its start by a cursor of the old one")
    func newLog() async throws {
        let old = try await withLog { database, log in
            try await database.add("a", "b", "c")
            return try await log.read(after: nil, limit: 10).through
        }
        try await withLog { database, log in
            try await database.add("x")
            #expect(try await log.read(after: old, limit: 10).texts() == ["x"])
            #expect(try await database.write { try $0.acceptOnce("s", old) })
            let new = try await log.read(after: old, limit: 10).through
            #expect(try await database.write { try $0.acceptOnce("s", new) })
            #expect(try await !database.write { try $0.acceptOnce("s", new) })
        }
    }

    @Test("The doorbell rings once for a commit that recorded, and not for others")
    func ringing() async throws {
        try await withLog { database, log in
            let rung = Counter()
            log.onRecord { rung.increment() }
            try await database.write { transaction in
                try transaction.record(NoteAdded(text: "a"))
                try transaction.record(NoteAdded(text: "b"))
            }
            try await database.write { _ = try $0.addNote("silent") }
            #expect(rung.value == 1)
        }
    }
}
