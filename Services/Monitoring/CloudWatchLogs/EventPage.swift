import ServiceKit

/// Events collected until a page is full: by number, or by bytes.
struct EventPage {
    static let countLimit = 10_000
    private static let byteLimit = 1_048_576

    let limit: Int
    private(set) var events: [LogEvent] = []
    private var bytes = 0

    init(limit: Int) { self.limit = limit }

    var isFull: Bool { events.count >= limit }

    /// Takes an event that fits; the first always does.
    mutating func add(_ event: LogEvent) -> ScanStep {
        guard !isFull, events.isEmpty || bytes + event.byteCount <= EventPage.byteLimit else { return .stop }
        events.append(event)
        bytes += event.byteCount
        return isFull ? .stop : .next
    }
}

/// A range of times in milliseconds, open where a request leaves an end out.
struct TimeRange: Sendable {
    let milliseconds: Range<Int64>

    init(start: Int64?, end: Int64?, includingEnd: Bool) {
        let start = start ?? 0
        let end = end.map { includingEnd ? $0 &+ 1 : $0 } ?? .max
        milliseconds = start..<max(start, end)
    }
}
