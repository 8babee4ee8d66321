import ServiceKit

/// A rule for how a target's capacity follows its consumption.
struct ScalingPolicy: ScalingPart {
    static let kind = "policy"

    let capacity: ScalableCapacity
    let name: String
    let createdAt: Timestamp
    var tracking: TargetTracking
    /// By the kind of alarm, the UUID at the end of its name.
    let alarmIDs: [String: String]

    private static let alarmKinds = ["AlarmHigh", "AlarmLow", "ProvisionedCapacityHigh", "ProvisionedCapacityLow"]

    init(_ name: String, for capacity: ScalableCapacity, _ tracking: TargetTracking, at now: Timestamp) {
        self.capacity = capacity
        self.name = name
        createdAt = now
        self.tracking = tracking
        alarmIDs = Dictionary(uniqueKeysWithValues: Self.alarmKinds.map { ($0, Identifier.uuid()) })
    }

    /// The alarms that AWS would make for it. There are none here, as nothing but this service watches the metrics.
    var alarms: [AlarmDescription] {
        Self.alarmKinds.filter { tracking.disableScaleIn != true || $0 != TargetTracking.Alarm.low.rawValue }
            .map { AlarmDescription(name: alarmName($0), capacity: capacity) }
    }

    /// `TargetTracking-table/Songs-AlarmHigh-3f1f2b3c-…`
    func alarmName(_ kind: String) -> String {
        "TargetTracking-\(capacity.resourceID)-\(kind)-\(alarmIDs[kind] ?? "")"
    }

    func cause(_ alarm: TargetTracking.Alarm) -> String {
        "monitor alarm \(alarmName(alarm.rawValue)) in state ALARM triggered policy \(name)"
    }
}

/// The form a policy has in the storage.
extension ScalingPolicy {
    init(_ member: Members) throws {
        capacity = try member("capacity")
        name = try member("name")
        createdAt = try member("createdAt")
        tracking = try member("tracking")
        alarmIDs = try member("alarms")
    }

    func write(to json: inout JSONWriter) {
        json.member("capacity", capacity)
        json.member("name", name)
        json.member("createdAt", createdAt)
        json.member("tracking", tracking)
        json.member("alarms", alarmIDs)
    }
}

struct AlarmDescription: Sendable, OutputShape {
    let name: String
    let capacity: ScalableCapacity

    func write(to json: inout JSONWriter) {
        json.member("AlarmName", name)
        json.member(
            "AlarmARN", ARN("cloudwatch", region: capacity.region, account: capacity.account, "alarm:\(name)"))
    }
}

/// What operations answer of a policy.
struct ScalingPolicyDescription: Sendable, OutputShape {
    let policy: ScalingPolicy
    let arn: ARN

    init(_ policy: ScalingPolicy, of target: ScalableTarget) {
        self.policy = policy
        arn = target.arn(of: "scalingPolicy", "policyName", policy.name)
    }

    func write(to json: inout JSONWriter) {
        json.member("PolicyARN", arn)
        json.member("PolicyName", policy.name)
        json.write(policy.capacity)
        json.member("PolicyType", "TargetTrackingScaling")
        json.member("TargetTrackingScalingPolicyConfiguration") { json in
            json.object { json in
                policy.tracking.write(to: &json)
                json.member("PredefinedMetricSpecification") { json in
                    json.object { $0.member("PredefinedMetricType", policy.capacity.metric) }
                }
            }
        }
        json.member("Alarms", policy.alarms)
        json.member("CreationTime", policy.createdAt)
    }
}
