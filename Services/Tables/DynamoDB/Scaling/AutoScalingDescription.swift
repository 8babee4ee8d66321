import ApplicationAutoScaling
import ServiceKit

/// `AutoScalingSettingsDescription`: how one capacity is scaled.
struct AutoScalingDescription: Sendable, OutputShape {
    private let account: String
    private let settings: ScalingSettings?
    /// On demand there is nothing to be scaled; what is set stays for when there is.
    private let isOnDemand: Bool

    init(
        _ table: TableDefinition, _ direction: ScalableCapacity.Direction, of index: String? = nil,
        _ scaling: AutoScaling, in snapshot: Snapshot
    ) throws {
        account = table.account
        settings = try scaling.settings(of: table.capacity(direction, of: index), in: snapshot)
        isOnDemand = table.billing == .payPerRequest
    }

    func write(to json: inout JSONWriter) {
        json.member("MinimumUnits", settings?.minimum)
        json.member("MaximumUnits", settings?.maximum)
        if settings == nil || isOnDemand { json.member("AutoScalingDisabled", true) }
        if settings != nil { json.member("AutoScalingRoleArn", ScalingSettings.roleARN(in: account)) }
        json.member("ScalingPolicies", (settings?.policies ?? []).map(PolicyOutput.init))
    }

    private struct PolicyOutput: OutputShape {
        let policy: ScalingSettings.Policy

        func write(to json: inout JSONWriter) {
            json.member("PolicyName", policy.name)
            json.member("TargetTrackingScalingPolicyConfiguration", policy.tracking)
        }
    }
}

/// How all capacity of a table in one region is scaled.
struct TableScaling: Sendable {
    struct Index: Sendable {
        let index: SecondaryIndex
        let read: AutoScalingDescription
        let write: AutoScalingDescription
    }

    let read: AutoScalingDescription
    let write: AutoScalingDescription
    let indexes: [Index]

    init(_ table: TableDefinition, _ scaling: AutoScaling, in snapshot: Snapshot) throws {
        read = try AutoScalingDescription(table, .read, scaling, in: snapshot)
        write = try AutoScalingDescription(table, .write, scaling, in: snapshot)
        indexes = try table.indexes.filter { $0.scope == .global }.map { index in
            Index(
                index: index,
                read: try AutoScalingDescription(table, .read, of: index.name, scaling, in: snapshot),
                write: try AutoScalingDescription(table, .write, of: index.name, scaling, in: snapshot))
        }
    }
}
