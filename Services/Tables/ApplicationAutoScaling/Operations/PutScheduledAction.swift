import ServiceKit

/// Has a target get other bounds at certain times, or changes which and when.
///
/// [API reference](https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html)
struct PutScheduledAction: AWSOperation {
    struct Input: InputShape {
        let reference: CapacityReference
        let scheduledActionName: String
        let schedule: String?
        let timezone: String?
        let startTime: Timestamp?
        let endTime: Timestamp?
        let scalableTargetAction: ScheduledAction.Bounds?

        init(_ member: Members) throws {
            reference = try CapacityReference(member)
            scheduledActionName = try member("ScheduledActionName")
            schedule = try member("Schedule")
            timezone = try member("Timezone")
            startTime = try member("StartTime")
            endTime = try member("EndTime")
            scalableTargetAction = try member("ScalableTargetAction")
        }

        /// The action as it shall be. What is not said stays, but for the times it begins and ends.
        ///
        /// - Throws: `ValidationException`
        func action(
            for capacity: ScalableCapacity, instead known: ScheduledAction?, at now: Timestamp
        ) throws(ServiceError) -> ScheduledAction {
            guard let schedule = schedule ?? known?.schedule else { throw .validation("Schedule must be specified.") }
            let bounds = scalableTargetAction ?? known?.bounds
            guard let bounds, bounds.minimum != nil || bounds.maximum != nil else {
                throw .validation("At least one of minimum capacity and maximum capacity should be provided")
            }
            if let low = bounds.minimum, let high = bounds.maximum, low > high { throw .bounds }
            try ScalableTarget.validate(bounds.minimum ?? 1)
            try ScalableTarget.validate(bounds.maximum ?? 1)
            if let startTime, let endTime, startTime >= endTime {
                throw .validation("EndTime must be after StartTime")
            }
            var action = ScheduledAction(
                capacity: capacity, name: scheduledActionName, createdAt: known?.createdAt ?? now, schedule: schedule,
                timeZone: timezone ?? known?.timeZone, start: startTime, end: endTime, bounds: bounds)
            try action.plan(at: now)
            return action
        }
    }

    let scaling: AutoScaling

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.reference.permission(in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let capacity = try input.reference.capacity(in: call)
        try ScheduledAction.validate(name: input.scheduledActionName)
        try await scaling.write { transaction in
            guard try transaction.target(capacity) != nil else { throw ServiceError.notRegistered(input.reference) }
            let known: ScheduledAction? = try transaction.part(input.scheduledActionName, of: capacity)
            let count = try transaction.count(ScheduledAction.self, at: capacity.place, of: capacity)
            guard known != nil || count < ScheduledAction.limit else {
                throw ServiceError.limit("scheduled actions of a scalable target", ScheduledAction.limit)
            }
            try transaction.put(try input.action(for: capacity, instead: known, at: call.now))
            scaling.wakeScaler(after: transaction)
        }
        return NoOutput()
    }
}
