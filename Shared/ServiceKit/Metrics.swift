import Synchronization

/// Counters and latency histograms of one process, in Prometheus' text form.
public final class Metrics: Sendable {
    private struct Series: Hashable {
        let name: String
        let labels: String
    }
    private struct Histogram {
        var counts = [Int](repeating: 0, count: Metrics.bounds.count + 1)
        var sum = 0.0
    }
    private struct State {
        var counters: [Series: Int] = [:]
        var gauges: [Series: Double] = [:]
        var histograms: [Series: Histogram] = [:]
    }

    /// Upper bounds in seconds, 100 µs to 10 s.
    private static let bounds = [
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10,
    ]
    private let state = Mutex(State())

    public init() {}

    /// - Parameter labels: in Prometheus' form, `service="sqs",operation="SendMessage"`.
    public func count(_ name: String, labels: String = "", by amount: Int = 1) {
        state.withLock { $0.counters[Series(name: name, labels: labels), default: 0] += amount }
    }

    public func set(_ name: String, labels: String = "", to value: Double) {
        state.withLock { $0.gauges[Series(name: name, labels: labels)] = value }
    }

    public func observe(_ name: String, labels: String = "", seconds: Double) {
        let bucket = Metrics.bounds.firstIndex { seconds <= $0 } ?? Metrics.bounds.count
        state.withLock { state in
            state.histograms[Series(name: name, labels: labels), default: Histogram()].counts[bucket] += 1
            state.histograms[Series(name: name, labels: labels), default: Histogram()].sum += seconds
        }
    }

    /// All series in the Prometheus exposition format, sorted.
    public func exposition() -> String {
        let state = state.withLock { $0 }
        var lines = state.counters.map { "\($0.key.name){\($0.key.labels)} \($0.value)" }
        lines += state.gauges.map { "\($0.key.name){\($0.key.labels)} \($0.value)" }
        for (series, histogram) in state.histograms { lines += Metrics.lines(of: series, histogram) }
        return lines.sorted().joined(separator: "\n") + "\n"
    }

    private static func lines(of series: Series, _ histogram: Histogram) -> [String] {
        let separator = series.labels.isEmpty ? "" : ","
        var total = 0
        var lines: [String] = []
        for (index, count) in histogram.counts.enumerated() {
            total += count
            let bound = index < bounds.count ? "\(bounds[index])" : "+Inf"
            lines.append("\(series.name)_bucket{\(series.labels)\(separator)le=\"\(bound)\"} \(total)")
        }
        lines.append("\(series.name)_sum{\(series.labels)} \(histogram.sum)")
        lines.append("\(series.name)_count{\(series.labels)} \(total)")
        return lines
    }
}
