import ServiceKit

/// How capacity follows what is consumed of it.
///
/// It grows once two minutes in a row were above the target, and shrinks once fifteen were 20 points below it.
///
/// [DynamoDB auto scaling](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html)
public struct TargetTracking: Sendable, Hashable {
    /// What AWS makes CloudWatch's alarms for.
    enum Alarm: String, Sendable {
        case high = "AlarmHigh"
        case low = "AlarmLow"

        var minutes: Int { self == .high ? 2 : 15 }
    }

    /// Percent of the capacity.
    static let range = 20.0...90.0
    private static let margin = 20.0

    /// Percent of the capacity that shall be consumed.
    public let targetValue: Double
    /// Seconds.
    public let scaleOutCooldown: Int?
    public let scaleInCooldown: Int?
    public let disableScaleIn: Bool?

    /// - Throws: `ValidationException`
    func validate() throws(ServiceError) {
        guard Self.range.contains(targetValue) else {
            throw .validation(
                "TargetValue must be between 20 and 90: DynamoDB's utilization is a percentage of the capacity.")
        }
        for (name, seconds) in [("ScaleOutCooldown", scaleOutCooldown), ("ScaleInCooldown", scaleInCooldown)] {
            guard (0...Self.longestCooldown).contains(seconds ?? 0) else {
                throw .validation("\(name) must be between 0 and \(Self.longestCooldown)")
            }
        }
    }

    private static let longestCooldown = Int(Int32.max)

    /// - Parameters:
    ///   - minutes: units consumed by the minute, the newest last.
    ///   - units: what is provisioned a second.
    func alarm(for minutes: [Double], provisioned units: Int64) -> Alarm? {
        let full = Double(units) * 60
        // Below a target of 40 percent AWS's 20 points would come to nothing, and nothing is below that.
        let low = max(targetValue - Self.margin, targetValue / 2)
        if Self.last(.high, of: minutes, are: { $0 > full * targetValue / 100 }) { return .high }
        if disableScaleIn != true, Self.last(.low, of: minutes, are: { $0 < full * low / 100 }) { return .low }
        return nil
    }

    private static func last(_ alarm: Alarm, of minutes: [Double], are test: (Double) -> Bool) -> Bool {
        minutes.count >= alarm.minutes && minutes.suffix(alarm.minutes).allSatisfy(test)
    }

    /// The least capacity of which no more than the target is consumed: of the last minute's consumption to grow, of
    /// the greatest in a quarter of an hour to shrink, so that it would have done for every one of those minutes.
    func units(for alarm: Alarm, _ minutes: [Double]) -> Int64 {
        let consumed = alarm == .high ? minutes.last : minutes.suffix(alarm.minutes).max()
        let units = (consumed ?? 0) / 60 / (targetValue / 100)
        // Binary fractions make 7.000000000000001 of what is 7.
        return Int64(min(1e15, (units - 1e-9).rounded(.up)))
    }

    /// Whether a change may be made so soon after the last one.
    ///
    /// [Cooldowns](https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html)
    func permits(_ alarm: Alarm, by step: Int64, of target: ScalableTarget, at now: Timestamp) -> Bool {
        let out = target.lastScaleOut.map { ($0, now < $0.time + .seconds(scaleOutCooldown ?? 0)) }
        guard alarm == .low else {
            // A greater step than the one that is being waited for need not wait.
            return out.map { last, isCooling in !isCooling || step > last.units } ?? true
        }
        let isCooling = target.lastScaleIn.map { now < $0.time + .seconds(scaleInCooldown ?? 0) } ?? false
        return !isCooling && out?.1 != true
    }
}

/// The members that Application Auto Scaling and DynamoDB both have for it; also its form in the storage.
extension TargetTracking: InputShape, OutputShape {
    public init(_ member: Members) throws {
        targetValue = try member("TargetValue")
        scaleOutCooldown = try member("ScaleOutCooldown")
        scaleInCooldown = try member("ScaleInCooldown")
        disableScaleIn = try member("DisableScaleIn")
    }

    public func write(to json: inout JSONWriter) {
        json.member("TargetValue", targetValue)
        json.member("ScaleOutCooldown", scaleOutCooldown)
        json.member("ScaleInCooldown", scaleInCooldown)
        json.member("DisableScaleIn", disableScaleIn)
    }
}
