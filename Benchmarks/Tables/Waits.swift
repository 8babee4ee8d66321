import ServiceKit

/// How long requests took, in words.
struct Waits: CustomStringConvertible {
    /// Ascending.
    private let times: [Duration]
    private static let limits = [5, 10, 20, 30, 40, 50, 75, 100]

    init(_ times: [Duration]) { self.times = times.sorted() }
    init(_ calls: [TimedCall]) { self.init(calls.map(\.time)) }

    var description: String {
        guard let longest = times.last else { return "none" }
        let parts = [(0.5, "p50"), (0.99, "p99"), (0.999, "p99.9"), (0.9999, "p99.99")].map { part, name in
            "\(name) \(times[Int(Double(times.count - 1) * part)].milliseconds)"
        }
        let longer = Self.limits.compactMap { limit -> String? in
            let count = times.count { $0 > .milliseconds(limit) }
            return count == 0 ? nil : "\(count) > \(limit)"
        }
        return "\(times.count) times, \(parts.joined(separator: ", ")), longest \(longest.milliseconds) ms"
            + (longer.isEmpty ? "" : " (\(longer.joined(separator: ", ")) ms)")
    }
}

extension Duration {
    /// With one decimal.
    var milliseconds: Double { (self / .milliseconds(0.1)).rounded() / 10 }
}
