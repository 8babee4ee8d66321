import Synchronization

/// Counters and latency histograms of one process, in Prometheus' text form.
public final class Metrics: Sendable {
    private struct Series: Hashable {
        let name: String
        let labels: String
    }
    private struct State {
        var counters: [Series: Int] = [:]
        var gauges: [Series: Double] = [:]
        var histograms: [Series: LatencyHistogram] = [:]
        var sources: [@Sendable () -> Void] = []
    }

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
        histogram(name, labels: labels).observe(seconds: seconds)
    }

    /// The histogram itself, for those who feed it often.
    public func histogram(_ name: String, labels: String = "") -> LatencyHistogram {
        let series = Series(name: name, labels: labels)
        return state.withLock { state in
            if let known = state.histograms[series] { return known }
            let histogram = LatencyHistogram()
            state.histograms[series] = histogram
            return histogram
        }
    }

    /// Calls `body` before each exposition: for those who count by themselves, and report it here.
    public func beforeExposition(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.sources.append(body) }
    }

    /// All series in the Prometheus exposition format, sorted.
    public func exposition() -> String {
        for report in state.withLock({ $0.sources }) { report() }
        let state = state.withLock { $0 }
        var lines = state.counters.map { "\($0.key.name){\($0.key.labels)} \($0.value)" }
        lines += state.gauges.map { "\($0.key.name){\($0.key.labels)} \($0.value)" }
        // Those that exist only because they may be fed are not worth a line.
        for (series, histogram) in state.histograms where !histogram.isEmpty {
            lines += Metrics.lines(of: series, histogram.counts)
        }
        return lines.sorted().joined(separator: "\n") + "\n"
    }

    private static func lines(of series: Series, _ histogram: LatencyHistogram.Counts) -> [String] {
        let separator = series.labels.isEmpty ? "" : ","
        var total = 0
        var lines: [String] = []
        for (index, count) in histogram.buckets.enumerated() {
            total += count
            let bound = index < LatencyHistogram.bounds.count ? "\(LatencyHistogram.bounds[index])" : "+Inf"
            lines.append("\(series.name)_bucket{\(series.labels)\(separator)le=\"\(bound)\"} \(total)")
        }
        lines.append("\(series.name)_sum{\(series.labels)} \(histogram.sum)")
        lines.append("\(series.name)_count{\(series.labels)} \(total)")
        return lines
    }
}
