import ServiceKit

/// One member of `ReplicaUpdates` in UpdateTable.
struct ReplicaUpdate: InputShape {
    let create: ReplicaSpecification?
    let update: ReplicaSpecification?
    let delete: NamedRegion?

    init(_ member: Members) throws {
        create = try member("Create")
        update = try member("Update")
        delete = try member("Delete")
    }

    var region: String { create?.region ?? update?.region ?? delete?.region ?? "" }
    private var actions: Int { [create != nil, update != nil, delete != nil].count { $0 } }

    /// What can be told without looking at the table.
    func validate(in region: String) throws(ServiceError) {
        guard actions > 0, update?.isEmpty != true else {
            throw .validation("There are no actions specified in the Replica Update Action of the request.")
        }
        guard actions == 1 else {
            throw .validation("Update table operation with more than one type of replica actions not allowed.")
        }
        guard self.region != region else {
            throw .validation(
                "Cannot add or delete the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or "
                    + "UpdateTable as required.")
        }
        try AWSRegions.requireKnown(self.region)
    }

    /// What it needs in the other region.
    func permissions(of table: TableIdentity, _ tables: TableStore) -> [Permission] {
        let other = TableIdentity(account: table.account, region: region, name: table.name)
        let actions: [String]
        if create != nil {
            actions = [
                "CreateTable", "CreateTableReplica", "Scan", "Query", "UpdateItem", "PutItem", "GetItem", "DeleteItem",
                "BatchWriteItem",
            ]
        } else {
            actions = delete == nil ? ["UpdateTable"] : ["DeleteTable", "DeleteTableReplica"]
        }
        let policy = tables.catalog.table(other)?.policy?.policy
        return actions.map { Permission("dynamodb:\($0)", on: other.arn, resourcePolicy: policy) }
    }
}

/// A structure that holds nothing but the name of a region.
struct NamedRegion: InputShape {
    let region: String

    init(_ member: Members) throws { region = try member("RegionName") }
}

/// What `Create` and `Update` say of a replica.
struct ReplicaSpecification: InputShape {
    let region: String
    let keyID: String?
    private let throughput: CapacityOverride?
    private let indexes: [Index]?
    private let tableClass: String?

    private struct CapacityOverride: InputShape {
        let read: Int64?

        init(_ member: Members) throws { read = try member("ReadCapacityUnits") }
    }

    private struct Index: InputShape {
        let name: String
        let throughput: CapacityOverride?

        init(_ member: Members) throws {
            name = try member("IndexName")
            throughput = try member("ProvisionedThroughputOverride")
        }
    }

    init(_ member: Members) throws {
        region = try member("RegionName")
        keyID = try member("KMSMasterKeyId")
        throughput = try member("ProvisionedThroughputOverride")
        indexes = try member("GlobalSecondaryIndexes")
        tableClass = try member("TableClassOverride")
    }

    var isEmpty: Bool { keyID == nil && namesNoSetting }
    var namesOnlyKey: Bool { keyID != nil && namesNoSetting }

    private var namesNoSetting: Bool {
        throughput?.read == nil && tableClass == nil && (indexes ?? []).allSatisfy { $0.throughput?.read == nil }
    }

    private var namesCapacity: Bool {
        throughput?.read != nil || (indexes ?? []).contains { $0.throughput?.read != nil }
    }

    /// - Throws: for capacity of a table that has none.
    func validate(for table: TableDefinition) throws(ServiceError) {
        guard table.billing == .payPerRequest, namesCapacity else { return }
        throw .validation(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
    }

    /// Adds to what the replica has otherwise than the rest. What is as in `table` is no override.
    func apply(to overrides: inout Replica.Overrides, of table: TableDefinition) {
        if let read = throughput?.read { overrides.readCapacity = read == table.throughput.read ? nil : read }
        for index in indexes ?? [] {
            guard let read = index.throughput?.read, let base = table.index(named: index.name) else { continue }
            overrides.indexReadCapacity[index.name] = read == base.throughput?.read ? nil : read
        }
        if let tableClass { overrides.tableClass = tableClass }
    }
}
