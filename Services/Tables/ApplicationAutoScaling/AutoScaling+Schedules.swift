import ServiceKit

extension AutoScaling {
    /// Gives a target the bounds of an action that is due, and plans the action's next time.
    ///
    /// What was due several times, while the stack was down, is done once.
    func perform(_ known: ScheduledAction, at now: Timestamp) async throws {
        try await write { transaction in
            guard var action: ScheduledAction = try transaction.part(known.name, of: known.capacity),
                let due = action.due, due <= now
            else { return }
            // A time zone that the machine has no rules for any more has no next time.
            do { try action.plan(at: now) } catch { action.due = nil }
            try transaction.put(action)
            // What falls into a suspension is not made up for.
            guard let target = try transaction.target(action.capacity), !target.suspension.schedules else { return }
            try apply(action, to: target, in: transaction, at: now)
        }
    }

    private func apply(
        _ action: ScheduledAction, to known: ScalableTarget, in transaction: Transaction, at now: Timestamp
    ) throws {
        var target = known
        var failure: ServiceError?
        do {
            try target.setBounds(action.bounds.minimum, action.bounds.maximum)
        } catch {
            failure = error
        }
        var activity = ScalingActivity(
            of: target.capacity, "Setting \(action.bounds.text)",
            because: "scheduled action name \(action.name) was triggered",
            message: failure.map { "Failed to set \(action.bounds.text). Reason: \($0.message)" }
                ?? "Successfully set \(action.bounds.text)", at: now)
        activity.isSuccessful = failure == nil
        try transaction.record(activity)
        guard failure == nil else { return }
        try transaction.put(target)
        try bringWithinBounds(target, in: transaction, at: now)
    }
}
