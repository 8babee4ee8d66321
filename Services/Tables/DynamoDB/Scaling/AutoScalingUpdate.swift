import ApplicationAutoScaling
import ServiceKit

/// `AutoScalingSettingsUpdate`: how one capacity is to be scaled, or that it is not.
struct AutoScalingUpdate: InputShape {
    private struct Policy: InputShape {
        let name: String?
        let tracking: TargetTracking

        init(_ member: Members) throws {
            name = try member("PolicyName")
            tracking = try member("TargetTrackingScalingPolicyConfiguration")
        }
    }

    private let minimum: Int64?
    private let maximum: Int64?
    private let isDisabled: Bool
    private let policy: Policy?

    init(_ member: Members) throws {
        minimum = try member("MinimumUnits")
        maximum = try member("MaximumUnits")
        isDisabled = try member("AutoScalingDisabled") ?? false
        policy = try member("ScalingPolicyUpdate")
        // The service's own role is used, whichever is named.
        _ = member.contains("AutoScalingRoleArn")
    }

    /// What can be told without looking at the table's settings.
    ///
    /// - Throws: `ValidationException`, as for capacity that a table on demand does not have.
    func validate(for table: TableDefinition) throws(ServiceError) {
        let given = [
            ("MaximumUnits", maximum != nil), ("ScalingPolicyUpdate", policy != nil), ("MinimumUnits", minimum != nil),
        ]
        func list(_ isGiven: Bool) -> String {
            given.filter { $0.1 == isGiven }.map { "'\($0.0)'" }.joined(separator: ", ")
        }
        guard !isDisabled else {
            guard list(true).isEmpty else {
                throw .validation(
                    "Failed to update settings for global table with name ‘\(table.name)’: Parameters \(list(true)) "
                        + "must be left blank when disabling auto scaling.")
            }
            return
        }
        guard list(false).isEmpty else {
            throw .validation(
                "Failed to update settings for global table with name: ‘\(table.name)’: Parameters \(list(false)) "
                    + "are required unless auto scaling is being disabled.")
        }
        guard table.billing == .provisioned else {
            let regions = (table.replication?.replicas ?? []).map { "'\($0.region)'" }.joined(separator: ", ")
            throw .validation(
                "Failed to update global table with name ‘\(table.name)‘. Replicas \(regions) BillingMode is "
                    + "PayPerRequest. You must convert table's BillingMode to PROVISIONED to set parameters: "
                    + "'AutoScalingSettings'.")
        }
    }

    /// Sets it in place of what was set before.
    func apply(
        to capacity: ScalableCapacity, _ scaling: AutoScaling, in transaction: Transaction, at now: Timestamp
    ) throws {
        guard !isDisabled, let minimum, let maximum, let policy else {
            return try scaling.remove(capacity, in: transaction)
        }
        let name = policy.name ?? "\(capacity.metric):\(capacity.resourceID)"
        try scaling.apply(
            ScalingSettings(
                minimum: minimum, maximum: maximum,
                policies: [ScalingSettings.Policy(name: name, tracking: policy.tracking)]),
            to: capacity, in: transaction, at: now)
    }
}

/// What a request says of how capacity is scaled.
struct AutoScalingChange: Sendable {
    let update: AutoScalingUpdate
    let capacity: ScalableCapacity
}

extension [AutoScalingChange] {
    /// Settings of what one replica has, for every replica: what is written to one is written to all.
    mutating func append(
        _ update: AutoScalingUpdate?, _ direction: ScalableCapacity.Direction, of index: String? = nil,
        in tables: [TableDefinition]
    ) {
        guard let update else { return }
        self += tables.map { AutoScalingChange(update: update, capacity: $0.capacity(direction, of: index)) }
    }

    func apply(_ scaling: AutoScaling, in transaction: Transaction, at now: Timestamp) throws {
        for change in self {
            try change.update.apply(to: change.capacity, scaling, in: transaction, at: now)
        }
    }
}

extension AutoScaling {
    /// Has the writes to a new replica scaled as those to the table that it is made from.
    func copyWriteSettings(
        of table: TableDefinition, to region: String, in transaction: Transaction, at now: Timestamp
    ) throws {
        for index in [nil] + table.indexes.filter({ $0.scope == .global }).map({ Optional($0.name) }) {
            guard let settings = try settings(of: table.capacity(.write, of: index), in: transaction) else { continue }
            let copy = ScalableCapacity(
                account: table.account, region: region, table: table.name, index: index, .write)
            try apply(settings, to: copy, in: transaction, at: now)
        }
    }
}
