import ServiceKit

/// A capacity that is registered to be scaled, with its bounds.
struct ScalableTarget: ScalingPart {
    struct Suspension: Sendable, Hashable {
        var scaleIn = false
        var scaleOut = false
        var schedules = false
    }

    /// The last change that a policy made, for its cooldowns.
    struct Step: Sendable, Hashable {
        let time: Timestamp
        let units: Int64
    }

    static let kind = "target"
    static let limit = 5000
    static let tagLimit = 50

    let capacity: ScalableCapacity
    /// At the end of its ARN.
    let id: String
    /// In the ARNs of its policies and actions.
    let uuid: String
    let createdAt: Timestamp
    private(set) var minimum: Int64
    private(set) var maximum: Int64
    var suspension = Suspension()
    var tags: [String: String] = [:]
    var lastScaleOut: Step?
    var lastScaleIn: Step?

    var name: String { "" }

    init(_ capacity: ScalableCapacity, minimum: Int64, maximum: Int64, at now: Timestamp) throws(ServiceError) {
        self.capacity = capacity
        id = Identifier.lowercase(36)
        uuid = Identifier.uuid()
        createdAt = now
        self.minimum = minimum
        self.maximum = maximum
        try setBounds(minimum, maximum)
    }

    /// - Throws: `ValidationException` for bounds the wrong way round, or below what can be provisioned.
    mutating func setBounds(_ minimum: Int64?, _ maximum: Int64?) throws(ServiceError) {
        let (low, high) = (minimum ?? self.minimum, maximum ?? self.maximum)
        try Self.validate(low)
        try Self.validate(high)
        guard low <= high else { throw .bounds }
        (self.minimum, self.maximum) = (low, high)
    }

    /// - Throws: for what no capacity can be.
    static func validate(_ units: Int64) throws(ServiceError) {
        guard (1...Int64(Int32.max)).contains(units) else {
            throw .validation("The capacity \(units) is not between 1 and \(Int32.max)")
        }
    }

    /// - Throws: `TooManyTagsException`, `ValidationException`
    mutating func add(_ new: [String: String]) throws(ServiceError) {
        if let reserved = new.keys.first(where: { $0.lowercased().hasPrefix("aws:") }) {
            throw .validation("Tag keys must not begin with the reserved prefix aws: \(reserved)")
        }
        let all = tags.merging(new) { $1 }
        guard all.count <= Self.tagLimit else { throw .tooManyTags(arn.description) }
        tags = all
    }

    var arn: ARN {
        ARN("application-autoscaling", region: capacity.region, account: capacity.account, "scalable-target/\(id)")
    }

    /// The role that AWS makes for this; there is no other, whichever a request names.
    static func roleARN(in account: String) -> String {
        "arn:aws:iam::\(account):role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/"
            + "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"
    }

    /// The ARN of one of its policies or scheduled actions.
    func arn(of kind: String, _ nameKind: String, _ name: String) -> ARN {
        ARN(
            "autoscaling", region: capacity.region, account: capacity.account,
            "\(kind):\(uuid):resource/dynamodb/\(capacity.resourceID):\(nameKind)/\(name)")
    }

    func clamp(_ units: Int64) -> Int64 { max(minimum, min(maximum, units)) }
}

/// The form a target has in the storage.
extension ScalableTarget {
    init(_ member: Members) throws {
        capacity = try member("capacity")
        id = try member("id")
        uuid = try member("uuid")
        createdAt = try member("createdAt")
        minimum = try member("min")
        maximum = try member("max")
        suspension = try member("suspension")
        tags = try member("tags")
        lastScaleOut = try member("lastOut")
        lastScaleIn = try member("lastIn")
    }

    func write(to json: inout JSONWriter) {
        json.member("capacity", capacity)
        json.member("id", id)
        json.member("uuid", uuid)
        json.member("createdAt", createdAt)
        json.member("min", minimum)
        json.member("max", maximum)
        json.member("suspension", suspension)
        json.member("tags", tags)
        json.member("lastOut", lastScaleOut)
        json.member("lastIn", lastScaleIn)
    }
}

extension ScalableTarget.Step: InputShape, OutputShape {
    init(_ member: Members) throws {
        time = try member("time")
        units = try member("units")
    }

    func write(to json: inout JSONWriter) {
        json.member("time", time)
        json.member("units", units)
    }
}

/// `SuspendedState`, on the wire and in the storage.
extension ScalableTarget.Suspension: InputShape, OutputShape {
    init(_ member: Members) throws {
        scaleIn = try member("DynamicScalingInSuspended") ?? false
        scaleOut = try member("DynamicScalingOutSuspended") ?? false
        schedules = try member("ScheduledScalingSuspended") ?? false
    }

    func write(to json: inout JSONWriter) {
        json.member("DynamicScalingInSuspended", scaleIn)
        json.member("DynamicScalingOutSuspended", scaleOut)
        json.member("ScheduledScalingSuspended", schedules)
    }
}

extension ScalableCapacity: InputShape, OutputShape {
    public init(_ member: Members) throws {
        let direction: String = try member("direction")
        self.init(
            account: try member("account"), region: try member("region"), table: try member("table"),
            index: try member("index"), Direction(rawValue: direction) ?? .read)
    }

    public func write(to json: inout JSONWriter) {
        json.member("account", account)
        json.member("region", region)
        json.member("table", table)
        json.member("index", index)
        json.member("direction", direction.rawValue)
    }
}

/// What operations answer of a target.
struct ScalableTargetDescription: Sendable, OutputShape {
    let target: ScalableTarget

    func write(to json: inout JSONWriter) {
        json.write(target.capacity)
        json.member("MinCapacity", target.minimum)
        json.member("MaxCapacity", target.maximum)
        json.member("RoleARN", ScalableTarget.roleARN(in: target.capacity.account))
        json.member("CreationTime", target.createdAt)
        json.member("SuspendedState", target.suspension)
        json.member("ScalableTargetARN", target.arn)
    }
}

extension JSONWriter {
    /// The members that every description names its capacity by.
    mutating func write(_ capacity: ScalableCapacity) {
        member("ServiceNamespace", CapacityReference.namespace)
        member("ResourceId", capacity.resourceID)
        member("ScalableDimension", capacity.dimension)
    }
}
