import Glibc
import JSON

/// Times of requests, and what went wrong.
struct Measurement: Sendable {
    /// Requests sent, those before the clock started included.
    var sent = 0
    private(set) var microseconds: [Int] = []
    private(set) var failures = 0
    private(set) var firstFailure: String?
    private(set) var elapsed = Duration.zero

    init() {}

    init(merging parts: [Measurement], elapsed: Duration) {
        sent = parts.reduce(0) { $0 + $1.sent }
        microseconds = parts.flatMap(\.microseconds).sorted()
        failures = parts.reduce(0) { $0 + $1.failures }
        firstFailure = parts.lazy.compactMap(\.firstFailure).first
        self.elapsed = elapsed
    }

    mutating func add(_ time: Duration, _ outcome: LoadOutcome) {
        sent += 1
        switch outcome {
        case .succeeded: microseconds.append(Int(time / .microseconds(1)))
        case .failed(let reason):
            failures += 1
            firstFailure = firstFailure ?? reason
        }
    }

    /// One JSON object: rate, percentiles, failures, and this process's own CPU time.
    var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("requests", microseconds.count)
            json.member("sent", sent)
            json.member("seconds", elapsed / .seconds(1))
            json.member("rate", Double(microseconds.count) / max(elapsed / .seconds(1), 1e-6))
            json.member("p50_us", percentile(50))
            json.member("p99_us", percentile(99))
            json.member("failures", failures)
            json.member("first_failure", firstFailure)
            json.member("client_cpu_seconds", Self.ownCPUSeconds())
        }
        return json.bytes
    }

    private func percentile(_ percent: Int) -> Int {
        microseconds.isEmpty ? 0 : microseconds[min(microseconds.count - 1, microseconds.count * percent / 100)]
    }

    private static func ownCPUSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}
