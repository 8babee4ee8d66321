import ServiceKit

/// What was consumed in each of the last minutes, from a counter that is looked at about once a minute.
struct ConsumptionHistory: Sendable {
    private static let length = 15

    /// The newest last.
    private(set) var minutes: [Double] = []
    private var total: Double
    private var time: Timestamp

    init(total: Double, at now: Timestamp) {
        self.total = total
        time = now
    }

    /// - Parameter total: what the counter shows.
    mutating func note(_ total: Double, at now: Timestamp) {
        let elapsed = Double((now - time).milliseconds) / 60_000
        let consumed = total - self.total
        // A counter that went back is another one: nothing is known of the time between.
        if consumed >= 0, elapsed >= 0.5 {
            // A clock that wakes late makes a long minute: what counts is the rate.
            let minute = consumed / elapsed
            let count = min(Self.length, Int(elapsed.rounded()))
            minutes = (minutes + Array(repeating: minute, count: count)).suffix(Self.length)
        }
        self.total = total
        time = now
    }
}
