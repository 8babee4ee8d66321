import ServiceKit

/// What came of looking at a policy.
struct PolicyOutcome: Sendable {
    var alarm: TargetTracking.Alarm?
    /// The resource's own limits forbade the change.
    var isRefused = false
}

extension AutoScaling {
    /// Changes a capacity where its policy says so.
    ///
    /// - Parameters:
    ///   - minutes: units consumed by the minute, the newest last.
    ///   - last: the alarm of a minute ago: what one cannot do is noted once.
    func follow(
        _ policy: ScalingPolicy, _ minutes: [Double], after last: TargetTracking.Alarm?, at now: Timestamp
    ) async throws -> PolicyOutcome {
        let capacity = policy.capacity
        // Most minutes nothing is to be done, and nothing to be written.
        let isQuiet = try await read { snapshot in
            try resources.units(of: capacity, in: snapshot)
                .flatMap { policy.tracking.alarm(for: minutes, provisioned: $0) } == nil
        }
        guard !isQuiet else { return PolicyOutcome() }
        return try await write { transaction in
            // It may have been changed or deleted since.
            guard let target = try transaction.target(capacity),
                let policy: ScalingPolicy = try transaction.part(policy.name, of: capacity),
                let units = try resources.units(of: capacity, in: transaction),
                let alarm = policy.tracking.alarm(for: minutes, provisioned: units)
            else { return PolicyOutcome() }
            return try answer(
                alarm, of: policy, minutes, units, target, isNew: alarm != last, in: transaction, at: now)
        }
    }

    private func answer(
        _ alarm: TargetTracking.Alarm, of policy: ScalingPolicy, _ minutes: [Double], _ units: Int64,
        _ target: ScalableTarget, isNew: Bool, in transaction: Transaction, at now: Timestamp
    ) throws -> PolicyOutcome {
        var outcome = PolicyOutcome(alarm: alarm)
        guard !target.suspends(alarm) else { return outcome }
        let wanted = target.clamp(policy.tracking.units(for: alarm, minutes))
        let step = alarm == .high ? wanted - units : units - wanted
        let cause = policy.cause(alarm)
        guard step > 0 else {
            if isNew {
                let reason: ScalingActivity.NotScaled =
                    alarm == .high ? .atMaximum(target.maximum) : .atMinimum(target.minimum)
                try transaction.record(
                    ScalingActivity(notScaled: reason, target.capacity, because: cause, at: now))
            }
            return outcome
        }
        guard policy.tracking.permits(alarm, by: step, of: target, at: now) else { return outcome }
        guard try scale(target.capacity, to: wanted, because: cause, in: transaction, at: now) else {
            outcome.isRefused = true
            return outcome
        }
        try transaction.put(target.having(alarm, step, at: now))
        return outcome
    }
}

extension ScalableTarget {
    fileprivate func suspends(_ alarm: TargetTracking.Alarm) -> Bool {
        alarm == .high ? suspension.scaleOut : suspension.scaleIn
    }

    /// Having been changed for an alarm.
    fileprivate func having(_ alarm: TargetTracking.Alarm, _ step: Int64, at now: Timestamp) -> ScalableTarget {
        var target = self
        if alarm == .high {
            target.lastScaleOut = Step(time: now, units: step)
            // What grows again need not wait until it may shrink.
            target.lastScaleIn = nil
        } else {
            target.lastScaleIn = Step(time: now, units: step)
        }
        return target
    }
}
