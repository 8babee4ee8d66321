import ServiceKit

/// Has registered capacity follow its consumption and its schedules.
///
/// It asks for what was consumed once a minute, and only of capacity that has a policy; with nothing registered it
/// sleeps. Minutes are kept in memory: after a restart a quarter of an hour passes before anything shrinks.
actor Scaler {
    private static let minute = Duration.seconds(60)
    /// While nothing is registered, the bell wakes it.
    private static let nap = Duration.seconds(86400)
    /// Between attempts at what the resource refuses.
    private static let patience = Duration.seconds(300)

    private struct Watch {
        var history: ConsumptionHistory
        var alarm: TargetTracking.Alarm?
        /// Not before, as the resource refused.
        var retry: Timestamp?
    }

    private let scaling: AutoScaling
    private var watches: [ScalableCapacity: Watch] = [:]
    private var nextMinute: Timestamp?

    init(_ scaling: AutoScaling) { self.scaling = scaling }

    func run(on clock: any WallClock) async throws {
        while true {
            let next = try await step(at: clock.now)
            await scaling.bell.wait(until: next ?? clock.now + Self.nap, on: clock)
            try Task.checkCancellation()
        }
    }

    /// Does what is due, and says when something will be next; `nil` while nothing is registered.
    func step(at now: Timestamp) async throws -> Timestamp? {
        let (policies, actions) = try await scaling.read { snapshot in
            (try snapshot.allParts(ScalingPolicy.self), try snapshot.allParts(ScheduledAction.self))
        }
        let due = actions.filter { $0.due.map { $0 <= now } ?? false }
        for action in due.sorted(by: { ($0.due ?? now, $0.name) < ($1.due ?? now, $1.name) }) {
            try await scaling.perform(action, at: now)
        }
        try await follow(policies, at: now)
        // What was done has another time now.
        guard due.isEmpty else { return now }
        return (actions.compactMap(\.due) + [nextMinute].compactMap { $0 }).min()
    }

    private func follow(_ policies: [ScalingPolicy], at now: Timestamp) async throws {
        let known = Set(policies.map(\.capacity))
        watches = watches.filter { known.contains($0.key) }
        guard !policies.isEmpty else {
            nextMinute = nil
            return
        }
        let isMinute = nextMinute.map { now >= $0 } ?? false
        for policy in policies {
            let consumed = scaling.resources.consumption(of: policy.capacity)
            if watches[policy.capacity] == nil || consumed == nil {
                watches[policy.capacity] = consumed.map {
                    Watch(history: ConsumptionHistory(total: $0, at: now))
                }
            } else if isMinute, let consumed {
                watches[policy.capacity]?.history.note(consumed, at: now)
                try await act(on: policy, at: now)
            }
        }
        if isMinute || nextMinute == nil {
            nextMinute = Timestamp(seconds: now.seconds - now.seconds % 60) + Self.minute
        }
    }

    private func act(on policy: ScalingPolicy, at now: Timestamp) async throws {
        guard var watch = watches[policy.capacity], watch.retry.map({ now >= $0 }) ?? true else { return }
        let minutes = watch.history.minutes
        let outcome = try await scaling.follow(policy, minutes, after: watch.alarm, at: now)
        watch.alarm = outcome.alarm
        watch.retry = outcome.isRefused ? now + Self.patience : nil
        watches[policy.capacity] = watch
    }
}
