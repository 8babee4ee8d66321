import ServiceKit

/// `ReplicaSettingsDescription`: what a replica of version 2017.11.29 has for settings.
struct ReplicaSettingsDescription: OutputShape {
    let table: TableDefinition
    let status: Replica.Status
    let scaling: TableScaling

    init(_ table: TableDefinition, _ scaling: TableScaling) {
        self.table = table
        self.scaling = scaling
        status = table.replication?[table.region]?.status ?? .active
    }

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
        json.member("ReplicaProvisionedReadCapacityAutoScalingSettings", scaling.read)
        json.member("ReplicaProvisionedWriteCapacityUnits", table.throughput.write)
        json.member("ReplicaProvisionedWriteCapacityAutoScalingSettings", scaling.write)
        if !scaling.indexes.isEmpty {
            json.member("ReplicaGlobalSecondaryIndexSettings", scaling.indexes.map(IndexSettings.init))
        }
        if let tableClass = table.tableClass {
            json.member("ReplicaTableClassSummary") { $0.object { $0.member("TableClass", tableClass) } }
        }
    }

    private struct IndexSettings: OutputShape {
        let scaling: TableScaling.Index

        func write(to json: inout JSONWriter) {
            let index = scaling.index
            json.member("IndexName", index.name)
            json.member("IndexStatus", index.status.rawValue)
            json.member("ProvisionedReadCapacityUnits", index.throughput?.read)
            json.member("ProvisionedReadCapacityAutoScalingSettings", scaling.read)
            json.member("ProvisionedWriteCapacityUnits", index.throughput?.write)
            json.member("ProvisionedWriteCapacityAutoScalingSettings", scaling.write)
        }
    }
}
