import ServiceKit

/// Bounds that a target gets at certain times.
struct ScheduledAction: ScalingPart {
    /// `ScalableTargetAction`
    struct Bounds: Sendable, Hashable {
        let minimum: Int64?
        let maximum: Int64?

        /// `min capacity to 5 and max capacity to 10`
        var text: String {
            [minimum.map { "min capacity to \($0)" }, maximum.map { "max capacity to \($0)" }].compactMap { $0 }
                .joined(separator: " and ")
        }
    }

    static let kind = "action"
    static let limit = 200

    let capacity: ScalableCapacity
    let name: String
    let createdAt: Timestamp
    var schedule: String
    var timeZone: String?
    var start: Timestamp?
    var end: Timestamp?
    var bounds: Bounds
    /// When it is to happen next; `nil` where it never does any more.
    var due: Timestamp?

    /// - Throws: `ValidationException` for a name that AWS's pattern does not take.
    static func validate(name: String) throws(ServiceError) {
        let isBroken = name.unicodeScalars.contains { scalar in
            scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || ":/|".unicodeScalars.contains(scalar)
        }
        guard !isBroken, name.first != " ", name.last != " " else {
            throw .validation(
                "1 validation error detected: Value '\(name)' at 'scheduledActionName' failed to satisfy constraint: "
                    + "Member must satisfy regular expression pattern: (?!((^[ ]+.*)|(.*([\\u0000-\\u001f]|"
                    + "[\\u007f-\\u009f]|[:/|])+.*)|(.*[ ]+$))).+")
        }
    }

    /// Finds out when it is to happen after `now`.
    ///
    /// - Throws: `ValidationException` for a schedule or a time zone that is none.
    mutating func plan(at now: Timestamp) throws(ServiceError) {
        guard let expression = ScheduleExpression(schedule) else {
            throw .validation("Invalid schedule expression: \(schedule)")
        }
        guard let zone = TimeZoneRules.named(timeZone ?? "UTC") else {
            throw .validation("Invalid time zone: \(timeZone ?? "")")
        }
        // What begins later may happen at its beginning.
        let time = start.map { max(now, $0 - .milliseconds(1)) } ?? now
        let next = expression.next(after: time, countingFrom: start ?? createdAt + rest(of: expression), in: zone)
        due = next.flatMap { due in end.map { due <= $0 } ?? true ? due : nil }
    }

    /// A rate counts from the action's creation, and first happens when it is over.
    private func rest(of expression: ScheduleExpression) -> Duration {
        if case .rate(let rate) = expression { rate } else { .zero }
    }
}

/// The form an action has in the storage.
extension ScheduledAction {
    init(_ member: Members) throws {
        capacity = try member("capacity")
        name = try member("name")
        createdAt = try member("createdAt")
        schedule = try member("schedule")
        timeZone = try member("timeZone")
        start = try member("start")
        end = try member("end")
        bounds = try member("bounds")
        due = try member("due")
    }

    func write(to json: inout JSONWriter) {
        json.member("capacity", capacity)
        json.member("name", name)
        json.member("createdAt", createdAt)
        json.member("schedule", schedule)
        json.member("timeZone", timeZone)
        json.member("start", start)
        json.member("end", end)
        json.member("bounds", bounds)
        json.member("due", due)
    }
}

/// On the wire and in the storage.
extension ScheduledAction.Bounds: InputShape, OutputShape {
    init(_ member: Members) throws {
        minimum = try member("MinCapacity")
        maximum = try member("MaxCapacity")
    }

    func write(to json: inout JSONWriter) {
        json.member("MinCapacity", minimum)
        json.member("MaxCapacity", maximum)
    }
}

/// What operations answer of an action.
struct ScheduledActionDescription: Sendable, OutputShape {
    let action: ScheduledAction
    let arn: ARN

    init(_ action: ScheduledAction, of target: ScalableTarget) {
        self.action = action
        arn = target.arn(of: "scheduledAction", "scheduledActionName", action.name)
    }

    func write(to json: inout JSONWriter) {
        json.member("ScheduledActionName", action.name)
        json.member("ScheduledActionARN", arn)
        json.write(action.capacity)
        json.member("Schedule", action.schedule)
        json.member("Timezone", action.timeZone)
        json.member("StartTime", action.start)
        json.member("EndTime", action.end)
        json.member("ScalableTargetAction", action.bounds)
        json.member("CreationTime", action.createdAt)
    }
}
