/// Counts what costs a client nothing and the server something: resets, pings, settings, empty frames, continuations.
///
/// Each kind has an allowance that fills up again with time; whoever uses it up is told to calm down and cut off.
struct HTTP2FloodGuard {
    private struct Allowance {
        let most: Double
        let perSecond: Double
        var left: Double

        init(most: Double, perSecond: Double) {
            self.most = most
            self.perSecond = perSecond
            left = most
        }

        mutating func spend(secondsPassed: Double) -> Bool {
            left = min(most, left + secondsPassed * perSecond)
            guard left >= 1 else { return false }
            left -= 1
            return true
        }
    }

    /// CVE-2023-44487: streams opened and reset at once.
    private var resets = Allowance(most: 200, perSecond: 20)
    /// PING, SETTINGS, PRIORITY, WINDOW_UPDATE of nothing, DATA without data.
    private var controls = Allowance(most: 1000, perSecond: 200)
    private var lastReset: LoopTime
    private var lastControl: LoopTime
    /// CVE-2024-27316: header blocks without end.
    private var continuations = 0
    private static let mostContinuations = 16

    init(at now: LoopTime) {
        lastReset = now
        lastControl = now
    }

    mutating func acceptsReset(at now: LoopTime) -> Bool {
        defer { lastReset = now }
        return resets.spend(secondsPassed: Double(now.milliseconds - lastReset.milliseconds) / 1000)
    }

    mutating func acceptsControl(at now: LoopTime) -> Bool {
        defer { lastControl = now }
        return controls.spend(secondsPassed: Double(now.milliseconds - lastControl.milliseconds) / 1000)
    }

    mutating func headersBegan() { continuations = 0 }

    mutating func acceptsContinuation() -> Bool {
        continuations += 1
        return continuations <= Self.mostContinuations
    }
}
