import ServiceKit

/// `ReplicaSettingsDescription`: what a replica of version 2017.11.29 has for settings.
struct ReplicaSettingsDescription: OutputShape {
    let table: TableDefinition
    let status: Replica.Status

    func write(to json: inout JSONWriter) {
        json.member("RegionName", table.region)
        json.member("ReplicaStatus", status.name)
        if table.billing == .payPerRequest {
            json.member("ReplicaBillingModeSummary") { json in
                json.object { json in
                    json.member("BillingMode", table.billing.rawValue)
                    json.member("LastUpdateToPayPerRequestDateTime", table.payPerRequestSince)
                }
            }
        }
        json.member("ReplicaProvisionedReadCapacityUnits", table.throughput.read)
        json.member("ReplicaProvisionedReadCapacityAutoScalingSettings", AutoScalingOff())
        json.member("ReplicaProvisionedWriteCapacityUnits", table.throughput.write)
        json.member("ReplicaProvisionedWriteCapacityAutoScalingSettings", AutoScalingOff())
        let indexes = table.indexes.filter { $0.scope == .global }
        if !indexes.isEmpty {
            json.member("ReplicaGlobalSecondaryIndexSettings", indexes.map(IndexSettings.init))
        }
        if let tableClass = table.tableClass {
            json.member("ReplicaTableClassSummary") { $0.object { $0.member("TableClass", tableClass) } }
        }
    }

    private struct IndexSettings: OutputShape {
        let index: SecondaryIndex

        func write(to json: inout JSONWriter) {
            json.member("IndexName", index.name)
            json.member("IndexStatus", index.status.rawValue)
            json.member("ProvisionedReadCapacityUnits", index.throughput?.read)
            json.member("ProvisionedReadCapacityAutoScalingSettings", AutoScalingOff())
            json.member("ProvisionedWriteCapacityUnits", index.throughput?.write)
            json.member("ProvisionedWriteCapacityAutoScalingSettings", AutoScalingOff())
        }
    }
}

/// `AutoScalingSettingsDescription` where capacity is what it was set to: nothing scales it.
struct AutoScalingOff: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("AutoScalingDisabled", true)
        json.member("ScalingPolicies", [String]())
    }
}

/// `AutoScalingSettingsUpdate`, of which only switching off can be heard.
struct AutoScalingUpdate: InputShape {
    private let isDisabled: Bool

    init(_ member: Members) throws { isDisabled = try member("AutoScalingDisabled") ?? false }

    /// - Throws: for what would have to be scaled.
    func requireOff(_ table: String) throws(ServiceError) {
        guard !isDisabled else { return }
        throw .validation(
            "Failed to update settings for global table with name: ‘\(table)’: auto scaling is not available here. Set "
                + "the capacity itself, or choose PAY_PER_REQUEST.")
    }
}
