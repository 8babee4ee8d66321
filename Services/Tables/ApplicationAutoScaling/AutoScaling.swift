import ServiceKit

/// What scales capacity: who registered what, and the changes that come of it.
///
/// Application Auto Scaling's own operations work on it, and those of DynamoDB that set the same by other names.
public struct AutoScaling: Sendable {
    let database: Database
    let resources: any ScalableResources
    /// Wakes the scaler when something was registered.
    let bell = Doorbell()

    public init(_ database: Database, resources: any ScalableResources) {
        self.database = database
        self.resources = resources
    }

    func read<Result>(_ body: (Snapshot) throws -> Result) async throws -> Result { try await database.read(body) }

    func write<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result {
        try await database.write(body)
    }

    // MARK: Targets

    /// Registers a capacity, or changes what it was registered with, and brings it within its bounds.
    ///
    /// - Throws: `ValidationException` for bounds that are none, or that are missing of a new target.
    func register(
        _ capacity: ScalableCapacity, minimum: Int64?, maximum: Int64?, in transaction: Transaction,
        at now: Timestamp, _ change: (inout ScalableTarget) throws -> Void = { _ in }
    ) throws -> ScalableTarget {
        guard try resources.exists(capacity, in: transaction) else { throw ServiceError.noResource(capacity) }
        var target: ScalableTarget
        if let known = try transaction.target(capacity) {
            target = known
            try target.setBounds(minimum, maximum)
        } else {
            guard let minimum, let maximum else {
                throw ServiceError.validation(
                    "MinCapacity and MaxCapacity must be specified when registering a new scalable target.")
            }
            guard try transaction.count(ScalableTarget.self, at: capacity.place) < ScalableTarget.limit else {
                throw ServiceError.limit("scalable targets", ScalableTarget.limit)
            }
            target = try ScalableTarget(capacity, minimum: minimum, maximum: maximum, at: now)
        }
        try change(&target)
        try transaction.put(target)
        try bringWithinBounds(target, in: transaction, at: now)
        wakeScaler(after: transaction)
        return target
    }

    /// Changes the capacity itself where it is outside the bounds.
    func bringWithinBounds(_ target: ScalableTarget, in transaction: Transaction, at now: Timestamp) throws {
        guard let units = try resources.units(of: target.capacity, in: transaction) else { return }
        let (minimum, maximum) = (target.minimum, target.maximum)
        if units < minimum {
            let cause = "minimum capacity was set to \(minimum)"
            _ = try scale(target.capacity, to: minimum, because: cause, in: transaction, at: now)
        } else if units > maximum {
            let cause = "maximum capacity was set to \(maximum)"
            _ = try scale(target.capacity, to: maximum, because: cause, in: transaction, at: now)
        }
    }

    /// Changes the capacity itself and notes that it was done. False, and noted too, where the resource refuses.
    func scale(
        _ capacity: ScalableCapacity, to units: Int64, because cause: String, in transaction: Transaction,
        at now: Timestamp
    ) throws -> Bool {
        var failure: ServiceError?
        do {
            try resources.set(capacity, to: units, in: transaction, at: now)
        } catch let error as ServiceError {
            failure = error
        }
        try transaction.record(ScalingActivity(units, of: capacity, because: cause, failure: failure, at: now))
        return failure == nil
    }

    func wakeScaler(after transaction: Transaction) {
        transaction.afterCommit { [bell] in bell.ring() }
    }
}

/// What is set for a capacity, as DynamoDB's operations on global tables speak of it.
public struct ScalingSettings: Sendable, Hashable {
    public struct Policy: Sendable, Hashable {
        public let name: String
        public let tracking: TargetTracking

        public init(name: String, tracking: TargetTracking) {
            self.name = name
            self.tracking = tracking
        }
    }

    public let minimum: Int64
    public let maximum: Int64
    public let policies: [Policy]

    public init(minimum: Int64, maximum: Int64, policies: [Policy]) {
        self.minimum = minimum
        self.maximum = maximum
        self.policies = policies
    }

    /// The role that every target answers.
    public static func roleARN(in account: String) -> String { ScalableTarget.roleARN(in: account) }
}

extension AutoScaling {
    /// `nil` for what is not registered, or registered without a policy: nothing makes it follow its consumption.
    public func settings(of capacity: ScalableCapacity, in snapshot: Snapshot) throws -> ScalingSettings? {
        guard let target = try snapshot.target(capacity) else { return nil }
        let policies = try snapshot.parts(ScalingPolicy.self, of: capacity)
        guard !policies.isEmpty else { return nil }
        return ScalingSettings(
            minimum: target.minimum, maximum: target.maximum,
            policies: policies.map { ScalingSettings.Policy(name: $0.name, tracking: $0.tracking) })
    }

    /// Registers a capacity with these policies and no others.
    ///
    /// - Throws: as RegisterScalableTarget and PutScalingPolicy do.
    public func apply(
        _ settings: ScalingSettings, to capacity: ScalableCapacity, in transaction: Transaction, at now: Timestamp
    ) throws {
        _ = try register(
            capacity, minimum: settings.minimum, maximum: settings.maximum, in: transaction, at: now)
        let names = Set(settings.policies.map(\.name))
        for policy in try transaction.parts(ScalingPolicy.self, of: capacity) where !names.contains(policy.name) {
            _ = try transaction.delete(ScalingPolicy.self, policy.name, of: capacity)
        }
        for policy in settings.policies {
            _ = try put(policy.name, policy.tracking, of: capacity, in: transaction, at: now)
        }
    }

    /// Has a capacity stay what it is.
    public func remove(_ capacity: ScalableCapacity, in transaction: Transaction) throws {
        _ = try transaction.deregister(capacity)
    }

    /// Adds a policy to a target, or changes it.
    func put(
        _ name: String, _ tracking: TargetTracking, of capacity: ScalableCapacity, in transaction: Transaction,
        at now: Timestamp
    ) throws -> ScalingPolicy {
        try tracking.validate()
        let known: ScalingPolicy? = try transaction.part(name, of: capacity)
        if known == nil, try transaction.count(ScalingPolicy.self, at: capacity.place, of: capacity) > 0 {
            // There is one metric for a capacity.
            throw ServiceError.secondPolicy
        }
        var policy = known ?? ScalingPolicy(name, for: capacity, tracking, at: now)
        policy.tracking = tracking
        try transaction.put(policy)
        wakeScaler(after: transaction)
        return policy
    }
}
