import Storage
import Time

/// The durable events of one database: recorded with the change, read by cursor, kept until all have acknowledged.
///
/// 1. `transaction.record(event)` stores an event with its cause.
/// 2. After the commit the observer given to `onRecord` rings the subscribers' doorbell; it may be lost.
/// 3. A subscriber reads after its cursor, applies, and stores the cursor in the same transaction of its own.
/// 4. It acknowledges, and what every registered subscriber acknowledged is trimmed.
public struct EventLog: Sendable {
    /// A subscriber and how far it lags behind.
    public struct Subscriber: Sendable, Equatable {
        public let name: String
        public let position: Int64
        public let acknowledgedAt: Timestamp
        /// Events not yet acknowledged.
        public let waiting: Int
        /// When the first of them happened; its age is what to alarm on.
        public let oldestWaiting: Timestamp?
    }

    static let topic = "outbox"

    private let database: Database
    private let clock: any WallClock

    /// - Parameter database: one that was opened with `EventLog.migrations`.
    public init(_ database: Database, clock: any WallClock = SystemClock()) {
        self.database = database
        self.clock = clock
    }

    /// Names subscribers that are expected, so that events wait for them from the first start on.
    public func register(_ subscribers: [String]) async throws {
        let now = clock.now
        try await database.write { transaction in
            for name in subscribers { try transaction.registerSubscriber(name, at: now) }
        }
    }

    /// Gives up a subscriber: what waited for it alone is forgotten.
    public func unregister(_ subscriber: String) async throws {
        try await database.write { try $0.unregisterSubscriber(subscriber) }
    }

    /// Events after `cursor` in the order they were committed; from the start for `nil` or another log's cursor.
    ///
    /// - Parameter types: the event types wanted; all for `nil`.
    public func read(after cursor: EventCursor?, types: Set<String>? = nil, limit: Int) async throws -> EventPage {
        try await database.read { snapshot in
            let isOurs = try cursor?.log == snapshot.logID()
            let position = isOurs ? cursor?.position ?? 0 : 0
            return try snapshot.events(after: position, types: types, limit: max(1, min(limit, 1000)))
        }
    }

    /// Notes that `subscriber` has applied everything up to `cursor`; registers it if it is new.
    public func acknowledge(_ cursor: EventCursor, by subscriber: String) async throws {
        let now = clock.now
        try await database.write { transaction in
            // A cursor into a log that is gone says nothing about this one.
            let position = try cursor.log == transaction.logID() ? cursor.position : 0
            try transaction.acknowledge(position, by: subscriber, at: now)
        }
    }

    public func subscribers() async throws -> [Subscriber] {
        try await database.read { try $0.subscribers() }
    }

    /// Calls `ring` once after each commit that recorded events. It must not block.
    public func onRecord(_ ring: @escaping @Sendable () -> Void) { database.observe(Self.topic, ring) }

    /// A subscriber in this same process.
    public func source(for subscriber: String, types: Set<String>? = nil) -> some EventSource {
        LocalEventSource(log: self, subscriber: subscriber, types: types)
    }
}

private struct LocalEventSource: EventSource {
    let log: EventLog
    let subscriber: String
    let types: Set<String>?

    func read(after cursor: EventCursor?, limit: Int) async throws -> EventPage {
        try await log.read(after: cursor, types: types, limit: limit)
    }

    func acknowledge(_ cursor: EventCursor) async throws { try await log.acknowledge(cursor, by: subscriber) }
}
