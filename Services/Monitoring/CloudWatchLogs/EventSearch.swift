import ServiceKit

/// A search under way through the events of a group.
struct EventSearch {
    private let pattern: FilterPattern
    private let streams: Set<Int64>?
    private let scanLimit: Int
    private var page: EventPage
    private var names: [Int64: String] = [:]
    private var scanned = 0
    private var previous = EventPosition.first

    private(set) var found: [(event: LogEvent, stream: String)] = []
    /// The last event looked at, when the search stopped before the end.
    private(set) var stoppedAt: EventPosition?

    /// - Parameter streams: `nil` for all.
    init(pattern: FilterPattern, streams: Set<Int64>?, limit: Int, scanLimit: Int) {
        self.pattern = pattern
        self.streams = streams
        self.scanLimit = scanLimit
        page = EventPage(limit: limit)
    }

    mutating func look(at event: LogEvent, _ snapshot: Snapshot) throws -> ScanStep {
        scanned += 1
        if streams?.contains(event.stream) ?? true, pattern.matches(event.message),
            let name = try name(of: event.stream, snapshot)
        {
            let count = page.events.count
            let step = page.add(event)
            // An event that does not fit any more is the first of the next page.
            guard page.events.count > count else { return stop(at: previous) }
            found.append((event, name))
            if step == .stop { return stop(at: event.position) }
        }
        previous = event.position
        return scanned < scanLimit ? .next : stop(at: event.position)
    }

    private mutating func stop(at position: EventPosition) -> ScanStep {
        stoppedAt = position
        return .stop
    }

    private mutating func name(of stream: Int64, _ snapshot: Snapshot) throws -> String? {
        if let name = names[stream] { return name }
        let name = try snapshot.logStreamName(stream)
        names[stream] = name
        return name
    }
}
