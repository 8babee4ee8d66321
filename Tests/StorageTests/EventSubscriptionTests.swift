import EventLog
import Storage
import Synchronization
import Testing
import Time

@Suite struct EventSubscriptionTests {
    @Test("Events are applied on the doorbell, in order, once each")
    func doorbell() async throws {
        try await withSubscription { fixture in
            fixture.log.onRecord { fixture.bell.ring() }
            try await fixture.add("a", "b")
            try await fixture.wait(for: ["a", "b"])
            try await fixture.add("c")
            try await fixture.wait(for: ["a", "b", "c"])
            #expect(fixture.clock.now == Timestamp(seconds: 1_700_000_000), "no timer was needed")
        }
    }

    @Test("When the ring is lost, the slow timer finds the event")
    func lostRing() async throws {
        try await withSubscription { fixture in
            try await fixture.waitUntilIdle()
            try await fixture.add("a")
            #expect(try await fixture.applied() == [])
            fixture.clock.advance(by: .seconds(5))
            try await fixture.wait(for: ["a"])
        }
    }

    @Test("A failing event is tried again with back-off, and those before it are not held up")
    func failingEvent() async throws {
        try await withSubscription { fixture in
            try await fixture.waitUntilIdle()
            fixture.poison.withLock { $0 = "bad" }
            try await fixture.add("good", "bad", "later")
            fixture.bell.ring()
            while try await fixture.applied() != ["good"] { try await fixture.passTime() }
            let failures = fixture.failures.value
            #expect(failures >= 1)
            while fixture.failures.value < failures + 2 { try await fixture.passTime() }
            #expect(try await fixture.applied() == ["good"])
            fixture.poison.withLock { $0 = nil }
            while try await fixture.applied() != ["good", "bad", "later"] { try await fixture.passTime() }
        }
    }

    @Test("A subscriber whose source is away goes on when it is back")
    func sourceAway() async throws {
        try await withSubscription { fixture in
            try await fixture.waitUntilIdle()
            fixture.isAway.store(true, ordering: .relaxed)
            try await fixture.add("a")
            fixture.bell.ring()
            while fixture.failures.value < 3 { try await fixture.passTime() }
            fixture.isAway.store(false, ordering: .relaxed)
            while try await fixture.applied() != ["a"] { try await fixture.passTime() }
            while try await fixture.log.subscribers()[0].waiting > 0 { await Task.yield() }
        }
    }
}

private final class Fixture: Sendable {
    let producer: Database
    let consumer: Database
    let log: EventLog
    let bell = Doorbell()
    let clock = ManualClock()
    let failures = Counter()
    let poison = Mutex<String?>(nil)
    let isAway = Atomic<Bool>(false)

    init(_ folder: String) throws {
        producer = try Database(path: "\(folder)/producer.db", migrations: noteSchema + EventLog.migrations)
        consumer = try Database(path: "\(folder)/consumer.db", migrations: noteSchema + EventLog.migrations)
        log = EventLog(producer, clock: clock)
    }

    func subscription() -> EventSubscription {
        EventSubscription(
            name: "producer", to: Source(fixture: self, source: log.source(for: "consumer")), database: consumer,
            bell: bell, clock: clock,
            application: .transaction { [self] event, transaction in
                let text: String = try event.members()("text")
                try transaction.addNote(text)
                if poison.withLock({ $0 == text }) { throw Poisoned() }
            }
        ) { [failures] _ in failures.increment() }
    }

    func add(_ texts: String...) async throws {
        try await producer.write { transaction in
            for text in texts { try transaction.record(NoteAdded(text: text)) }
        }
    }

    func applied() async throws -> [String] { try await consumer.read { try $0.notes() } }

    func wait(for texts: [String]) async throws {
        while try await applied() != texts { await Task.yield() }
    }

    /// The loop has read everything and sleeps on doorbell and timer.
    func waitUntilIdle() async throws {
        while clock.sleeperCount == 0 { await Task.yield() }
    }

    /// Lets the loop reach its sleep, then turns the clock to its end.
    func passTime() async throws {
        for _ in 0..<1000 where clock.sleeperCount == 0 { await Task.yield() }
        clock.advance(by: .seconds(30))
        await Task.yield()
    }

    struct Poisoned: Error {}
    struct Away: Error {}

    private struct Source: EventSource {
        let fixture: Fixture
        let source: any EventSource

        func read(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
            if fixture.isAway.load(ordering: .relaxed) { throw Away() }
            return try await source.read(after: cursor, limit: limit)
        }

        func acknowledge(_ cursor: EventCursor) async throws { try await source.acknowledge(cursor) }
    }
}

private func withSubscription(_ body: (Fixture) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
        let fixture = try Fixture(folder)
        let running = Task { await fixture.subscription().run() }
        do {
            try await body(fixture)
        } catch {
            running.cancel()
            throw error
        }
        running.cancel()
        await running.value
        fixture.producer.close()
        fixture.consumer.close()
    }
}
