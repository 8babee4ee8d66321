import Synchronization

/// How long something takes: counts by upper bounds, in Prometheus' sense. Found once and then fed directly.
public final class LatencyHistogram: Sendable {
    struct Counts: Sendable {
        var buckets = [Int](repeating: 0, count: LatencyHistogram.bounds.count + 1)
        var sum = 0.0
    }

    /// Upper bounds in seconds, 100 µs to 10 s.
    static let bounds = [
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10,
    ]
    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }

    var isEmpty: Bool { counts.buckets.allSatisfy { $0 == 0 } }

    public func observe(seconds: Double) {
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        state.withLock { counts in
            counts.buckets[bucket] += 1
            counts.sum += seconds
        }
    }
}
