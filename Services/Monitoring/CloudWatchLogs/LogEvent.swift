import ServiceKit

/// An event as it is stored.
struct LogEvent: Sendable {
    let position: EventPosition
    let stream: Int64
    let ingested: Timestamp
    let message: String

    /// What AWS adds to a message's bytes for each event.
    static let overhead = 26
    var byteCount: Int { message.utf8.count + LogEvent.overhead }
}

/// Where an event stands: by its time, and in the order of arrival within one millisecond.
struct EventPosition: Comparable, Sendable {
    let timestamp: Timestamp
    let number: Int64

    static let first = EventPosition(timestamp: Timestamp(milliseconds: 0), number: 0)
    static let last = EventPosition(timestamp: Timestamp(milliseconds: .max), number: .max)

    init(timestamp: Timestamp, number: Int64) {
        self.timestamp = timestamp
        self.number = number
    }

    static func < (left: EventPosition, right: EventPosition) -> Bool {
        (left.timestamp, left.number) < (right.timestamp, right.number)
    }

    /// 56 digits, as in AWS's tokens and event ids.
    var digits: String { timestamp.milliseconds.digits(28) + number.digits(28) }

    init?(digits: some StringProtocol) {
        guard digits.utf8.count == 56, let time = Int64(digits.prefix(28)), let order = Int64(digits.suffix(28)) else {
            return nil
        }
        self.init(timestamp: Timestamp(milliseconds: time), number: order)
    }
}

/// The tokens of `GetLogEvents`: `f/…/s` goes on after an event, `b/…/s` before it.
struct StreamToken: Sendable {
    enum Direction: String {
        case forward = "f"
        case backward = "b"
    }

    let direction: Direction
    let position: EventPosition

    init(_ direction: Direction, _ position: EventPosition) {
        self.direction = direction
        self.position = position
    }

    var text: String { "\(direction.rawValue)/\(position.digits)/s" }

    /// - Throws: `InvalidParameterException`
    init(_ text: String) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == "s", let direction = Direction(rawValue: String(parts[0])),
            let position = EventPosition(digits: parts[1])
        else { throw ServiceError.invalidNextToken }
        self.init(direction, position)
    }
}
