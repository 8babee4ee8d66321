import ServiceKit

/// Messages on their way from a dead-letter queue to where they came from, or to another queue.
struct MoveTask: Sendable {
    enum Status: String, Sendable, SQLValue {
        case running = "RUNNING"
        case completed = "COMPLETED"
        case cancelled = "CANCELLED"
        case failed = "FAILED"
    }

    let id: Int64
    let handle: String
    let source: Int64
    let sourceARN: String
    let destinationARN: String?
    let perSecond: Int?
    var status: Status
    var moved: Int
    let total: Int
    /// Messages after this one arrived later and stay.
    let lastMessage: Int64
    var failure: String?
    let started: Timestamp

    /// How many messages one transaction moves.
    var chunk: Int { min(perSecond ?? 100, 100) }

    /// How long to pause after a chunk, to keep to the rate that was asked for.
    func pause(after count: Int) -> Duration { perSecond.map { .milliseconds(1000 * count / $0) } ?? .zero }
}
