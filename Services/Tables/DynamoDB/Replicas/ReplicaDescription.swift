import ServiceKit

/// A replica as DescribeTable tells of it in another region: what it has otherwise than the rest, and no more.
struct ReplicaDescription: OutputShape {
    /// `GlobalTableSettingsReplicationMode` of all tables of one account.
    static let settingsMode = "ENABLED_WITH_OVERRIDES"

    let replica: Replica
    let table: TableDefinition
    /// Its key, in its region.
    let encryption: TableEncryption?

    init(replica: Replica, of table: TableDefinition, under encryption: TableEncryption?) {
        self.replica = replica
        self.table = table
        self.encryption = encryption
    }

    func write(to json: inout JSONWriter) {
        json.member("RegionName", replica.region)
        let isShut = encryption?.inaccessibleSince != nil && replica.status == .active
        json.member(
            "ReplicaStatus", isShut ? TableDescription.Status.inaccessible.rawValue : replica.status.name)
        json.member("KMSMasterKeyId", encryption?.keyARN)
        json.member("ReplicaInaccessibleDateTime", encryption?.inaccessibleSince)
        json.member("ProvisionedThroughputOverride", CapacityOverride(read: replica.overrides.readCapacity))
        let indexes = table.indexes.filter { $0.scope == .global }
        if !indexes.isEmpty {
            json.member(
                "GlobalSecondaryIndexes",
                indexes.map { index in
                    IndexDescription(
                        name: index.name,
                        override: CapacityOverride(read: replica.overrides.indexReadCapacity[index.name]))
                })
        }
        if let tableClass = replica.overrides.tableClass {
            json.member("ReplicaTableClassSummary") { $0.object { $0.member("TableClass", tableClass) } }
        }
        json.member("GlobalTableSettingsReplicationMode", Self.settingsMode)
    }

    private struct CapacityOverride: OutputShape {
        let read: Int64

        init?(read: Int64?) {
            guard let read else { return nil }
            self.read = read
        }

        func write(to json: inout JSONWriter) { json.member("ReadCapacityUnits", read) }
    }

    private struct IndexDescription: OutputShape {
        let name: String
        let override: CapacityOverride?

        func write(to json: inout JSONWriter) {
            json.member("IndexName", name)
            json.member("ProvisionedThroughputOverride", override)
        }
    }
}
