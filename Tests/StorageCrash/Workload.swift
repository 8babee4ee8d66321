import EventLog
import Glibc
import Storage

/// A producer and a subscriber in one process: notes are written, each with an event, and each event has one effect.
struct Workload {
    static let producerSchema = [Migration(1, "CREATE TABLE note (number INTEGER PRIMARY KEY, text TEXT NOT NULL)")]
    static let consumerSchema = [Migration(1, "CREATE TABLE effect (number INTEGER NOT NULL)")]

    struct NoteWritten: Event {
        static let type = "NoteWritten"
        let number: Int
        var key: String { "\(number % 4)" }
        func write(to json: inout JSONWriter) { json.member("number", number) }
    }

    let producer: Database
    let consumer: Database

    init(folder: String) throws {
        var options = Database.Options()
        options.checkpointPages = 8  // so that checkpoints fall among the writes
        producer = try Database(
            path: "\(folder)/producer.db", migrations: Self.producerSchema + EventLog.migrations, options: options)
        consumer = try Database(
            path: "\(folder)/consumer.db", migrations: Self.consumerSchema + EventLog.migrations, options: options)
    }

    /// Writes the notes that are not there yet, says each number once it is answered, and waits for all effects.
    func run(notes: Int) async throws {
        let log = EventLog(producer)
        let bell = Doorbell()
        log.onRecord {
            CrashPoint.reach("committed")
            bell.ring()
        }
        let subscription = EventSubscription(
            name: "producer", to: CrashingSource(source: log.source(for: "consumer")), database: consumer, bell: bell,
            application: .transaction { event, transaction in
                let number: Int = try event.members()("number")
                try transaction.execute("INSERT INTO effect VALUES (?)", number)
                CrashPoint.reach("applied")
            }
        ) { say("failure \($0)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await subscription.run() }
            try await writeAll(notes)
            try await waitUntilAcknowledged(log)
            group.cancelAll()
        }
    }

    private func writeAll(_ notes: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<4 {
                group.addTask {
                    for number in stride(from: lane, to: notes, by: 4) { try await write(number) }
                }
            }
            try await group.waitForAll()
        }
    }

    private func write(_ number: Int) async throws {
        try await producer.write { transaction in
            guard try !transaction.exists("SELECT 1 FROM note WHERE number = ?", number) else { return }
            try transaction.execute(
                "INSERT INTO note VALUES (?, ?)", number, String(repeating: "\(number) ", count: 200))
            CrashPoint.reach("changed")
            try transaction.record(NoteWritten(number: number))
            CrashPoint.reach("recorded")
        }
        say("answered \(number)")
    }

    private func waitUntilAcknowledged(_ log: EventLog) async throws {
        while try await log.subscribers().first?.waiting != 0 { await Task.yield() }
    }
}

private struct CrashingSource<Source: EventSource>: EventSource {
    let source: Source

    func read(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        let page = try await source.read(after: cursor, limit: limit)
        CrashPoint.reach("read")
        return page
    }

    func acknowledge(_ cursor: EventCursor) async throws {
        CrashPoint.reach("stored")
        try await source.acknowledge(cursor)
        CrashPoint.reach("acknowledged")
    }
}

/// One line, in one write: it is in the pipe even if the process dies next.
func say(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = Glibc.write(1, bytes, bytes.count)
}
