@_exported import JSON
import Storage
import Time

/// Something that happened to a service's data and that others must learn of.
///
/// Members are written into an object that is already open, as in an operation's output.
public protocol Event: OutputShape {
    /// What subscribers choose by, and part of what is stored: `ObjectCreated`.
    static var type: String { get }
    /// What the event is about; events of one key stay in their order wherever they are spread.
    var key: String { get }
}

/// An event as its subscribers read it.
public struct RecordedEvent: Sendable, Equatable {
    /// Where it stands in its log: ascending, never used twice, with gaps.
    public let position: Int64
    public let type: String
    public let key: String
    public let time: Timestamp
    /// A JSON object.
    public let body: [UInt8]

    public init(position: Int64, type: String, key: String, time: Timestamp, body: [UInt8]) {
        self.position = position
        self.type = type
        self.key = key
        self.time = time
        self.body = body
    }

    /// The body's members, as an operation reads its input.
    public func members() throws -> Members { try Members(try JSONDocument(body).root) }
}

/// How far a subscriber has come in one log.
public struct EventCursor: Sendable, Hashable {
    /// Which log: a database that is made anew counts from 1 again, and must not be taken for the old one.
    public let log: String
    /// The last event applied; 0 before the first.
    public let position: Int64

    public init(log: String, position: Int64) {
        self.log = log
        self.position = position
    }
}

/// A stretch of a log.
public struct EventPage: Sendable, Equatable {
    /// In the order they were committed.
    public let events: [RecordedEvent]
    /// The cursor after this page: it also covers events of types that were not asked for.
    public let through: EventCursor

    public init(events: [RecordedEvent], through: EventCursor) {
        self.events = events
        self.through = through
    }
}
