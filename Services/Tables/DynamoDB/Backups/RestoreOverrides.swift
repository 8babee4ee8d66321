import ServiceKit

/// The members of both restores that say what the new table shall be.
struct RestoreOverrides: Sendable {
    let target: TableReference
    let billingMode: String?
    let throughput: ThroughputInput?
    let globalIndexes: [IndexInput]?
    let localIndexes: [IndexInput]?
    let encryption: EncryptionInput?

    init(_ member: Members) throws {
        target = try member("TargetTableName")
        billingMode = try member("BillingModeOverride")
        throughput = try member("ProvisionedThroughputOverride")
        globalIndexes = try member("GlobalSecondaryIndexOverride")
        localIndexes = try member("LocalSecondaryIndexOverride")
        encryption = try member("SSESpecificationOverride")
    }

    /// The key of the new table: the override's, or the old one's, which the caller must be allowed to use.
    func encryption(
        like source: TableDefinition, _ keys: TableKeys, in call: Call
    ) async throws -> TableEncryption? {
        if let encryption { return try await keys.encryption(encryption, in: call) }
        guard let old = source.encryption else { return nil }
        let choice = EncryptionInput.choice(of: old.isCustomerManaged ? old.keyARN : nil)
        return try await keys.encryption(choice, in: call.region, call)
    }

    /// A new table like the old one, empty, to be filled from a file.
    func table(
        like source: TableDefinition, _ key: TableEncryption?, _ restoration: Restoration, in transaction: Transaction,
        _ call: Call
    ) throws -> TableDefinition {
        let identity = target.identity(in: call)
        guard try !transaction.hasTable(identity) else {
            throw ServiceError("TableAlreadyExistsException", "Table already exists: \(identity.name)")
        }
        let billing = billingMode.flatMap(TableDefinition.BillingMode.init(rawValue:)) ?? source.billing
        let none = Throughput(read: 0, write: 0)
        let units = billing == .provisioned ? throughput?.throughput ?? source.throughput : none
        guard billing == .payPerRequest || units != none else {
            throw ServiceError.invalidParameter(
                "ProvisionedThroughputOverride must be specified when BillingMode is PROVISIONED")
        }
        try units.validate()
        let indexes = try indexes(of: source, billing, in: transaction)
        let used = Set(([source.schema] + indexes.map(\.schema)).flatMap(\.names))
        var table = TableDefinition(
            id: try transaction.nextTree(), version: 1, account: identity.account, region: identity.region,
            name: identity.name, uuid: Identifier.uuid(), createdAt: call.now, schema: source.schema,
            attributeDefinitions: source.attributeDefinitions.filter { used.contains($0.name) }, billing: billing,
            throughput: units, payPerRequestSince: billing == .payPerRequest ? call.now : nil, indexes: indexes,
            stream: nil, timeToLive: nil, tags: [:], isDeletionProtected: false, tableClass: source.tableClass)
        table.encryption = key
        table.restoration = restoration
        return table
    }

    /// The source's indexes, or those of them that an override names.
    private func indexes(
        of source: TableDefinition, _ billing: TableDefinition.BillingMode, in transaction: Transaction
    ) throws -> [SecondaryIndex] {
        try source.indexes.filter { $0.status == .active }.compactMap { old in
            let overrides = old.scope == .global ? globalIndexes : localIndexes
            let override = overrides?.first { $0.name == old.name }
            guard overrides == nil || override != nil else { return nil }
            var throughput: Throughput?
            if old.scope == .global, billing == .provisioned {
                throughput = override?.throughput?.throughput ?? old.throughput
                guard throughput != nil else {
                    throw ServiceError.invalidParameter(
                        "ProvisionedThroughput must be specified for index: \(old.name)")
                }
            }
            return SecondaryIndex(
                id: try transaction.nextTree(), name: old.name, scope: old.scope, schema: old.schema,
                projection: old.projection, status: .active, backfillPosition: nil, throughput: throughput)
        }
    }
}
