import Storage
import Time

/// Follows one log: reads, applies, keeps the cursor, acknowledges; until its task is cancelled.
///
/// It acts on the doorbell, and on a slow timer because a ring may be lost. A failure, of the source or of an
/// event's application, is told to `onFailure` and tried again with back-off: no event is skipped.
public struct EventSubscription: Sendable {
    /// What is done with an event.
    public enum Application: Sendable {
        /// Inside the transaction that moves the cursor: effect exactly once.
        case transaction(@Sendable (RecordedEvent, Transaction) throws -> Void)
        /// Before the cursor moves: after a crash the last event may come again, so the effect must bear repetition.
        case repeatable(@Sendable (RecordedEvent) async throws -> Void)
    }

    public struct Pace: Sendable {
        /// Events in one transaction.
        public var pageLimit = 100
        /// How long a lost ring can go unnoticed.
        public var timer = Duration.seconds(5)
        /// Between tries after a failure, doubling.
        public var firstDelay = Duration.milliseconds(100)
        public var longestDelay = Duration.seconds(30)

        public init() {}
    }

    private let name: String
    private let source: any EventSource
    private let database: Database
    private let clock: any WallClock
    private let pace: Pace
    private let bell: Doorbell
    private let application: Application
    private let onFailure: @Sendable (any Error) -> Void

    /// - Parameters:
    ///   - name: of the cursor in `database`, one for each source and purpose: `objects/thumbnails`.
    ///   - database: the subscriber's own, opened with `EventLog.migrations`.
    public init(
        name: String, to source: any EventSource, database: Database, bell: Doorbell, pace: Pace = Pace(),
        clock: any WallClock = SystemClock(), application: Application,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) {
        self.name = name
        self.source = source
        self.database = database
        self.clock = clock
        self.pace = pace
        self.bell = bell
        self.application = application
        self.onFailure = onFailure
    }

    /// Returns when the task is cancelled.
    public func run() async {
        var delay = pace.firstDelay
        var acknowledged: EventCursor?
        // After a failure one event at a time, so that those before a bad one are not held up by it.
        var limit = pace.pageLimit
        while !Task.isCancelled {
            do {
                let isAtEnd = try await advance(limit: limit, acknowledged: &acknowledged)
                delay = pace.firstDelay
                limit = min(limit * 2, pace.pageLimit)
                if isAtEnd { await bell.wait(until: clock.now + pace.timer, on: clock) }
            } catch {
                if Task.isCancelled { return }
                onFailure(error)
                limit = 1
                try? await clock.sleep(until: clock.now + delay)
                delay = min(delay * 2, pace.longestDelay)
            }
        }
    }

    /// One page. True when there was nothing more to read.
    private func advance(limit: Int, acknowledged: inout EventCursor?) async throws -> Bool {
        let cursor = try await database.read { try $0.cursor(of: name) }
        let page = try await source.read(after: cursor, limit: limit)
        if page.through != cursor { try await apply(page) }
        // Also when nothing is new: the acknowledgement before may have been lost, and the first one registers.
        if page.through != acknowledged {
            try await source.acknowledge(page.through)
            acknowledged = page.through
        }
        return page.events.isEmpty && page.through == cursor
    }

    private func apply(_ page: EventPage) async throws {
        let name = name
        switch application {
        case .transaction(let apply):
            try await database.write { transaction in
                for event in page.events where try transaction.accept(event, of: page, from: name) {
                    try apply(event, transaction)
                }
                try transaction.moveCursor(of: name, to: page.through)
            }
        case .repeatable(let apply):
            for event in page.events {
                try await apply(event)
                try await database.write { _ = try $0.accept(event, of: page, from: name) }
            }
            try await database.write { try $0.moveCursor(of: name, to: page.through) }
        }
    }
}

extension Transaction {
    fileprivate func accept(_ event: RecordedEvent, of page: EventPage, from source: String) throws -> Bool {
        try acceptOnce(source, EventCursor(log: page.through.log, position: event.position))
    }
}
