import ServiceKit

/// `BackupDetails`, and with the table's name and ARN `BackupSummary`.
struct BackupDetails: OutputShape {
    let backup: Backup
    var isDeleted = false
    var isSummary = false

    func write(to json: inout JSONWriter) {
        if isSummary {
            json.member("TableName", backup.table.name)
            json.member("TableId", backup.table.uuid)
            json.member("TableArn", backup.table.arn)
        }
        json.member("BackupArn", backup.arn)
        json.member("BackupName", backup.name)
        json.member("BackupSizeBytes", backup.bytes)
        json.member("BackupStatus", isDeleted ? "DELETED" : "AVAILABLE")
        json.member("BackupType", "USER")
        json.member("BackupCreationDateTime", backup.createdAt)
    }
}

/// `BackupDescription`
struct BackupDescription: OutputShape {
    let backup: Backup
    var isDeleted = false

    func write(to json: inout JSONWriter) {
        json.member("BackupDetails", BackupDetails(backup: backup, isDeleted: isDeleted))
        json.member("SourceTableDetails") { json in json.object { writeTable(to: &$0) } }
        json.member("SourceTableFeatureDetails") { json in json.object { writeFeatures(to: &$0) } }
    }

    private func writeTable(to json: inout JSONWriter) {
        let table = backup.table
        json.member("TableName", table.name)
        json.member("TableId", table.uuid)
        json.member("TableArn", table.arn)
        json.member("TableSizeBytes", backup.bytes)
        json.member("KeySchema", table.schema.elements)
        json.member("TableCreationDateTime", table.createdAt)
        json.member("ProvisionedThroughput", ThroughputOutput(throughput: table.throughput))
        json.member("ItemCount", backup.items)
        json.member("BillingMode", table.billing.rawValue)
    }

    private func writeFeatures(to json: inout JSONWriter) {
        let table = backup.table
        for (member, scope) in [
            ("LocalSecondaryIndexes", SecondaryIndex.Scope.local), ("GlobalSecondaryIndexes", .global),
        ] {
            let indexes = table.indexes.filter { $0.scope == scope }
            if !indexes.isEmpty { json.member(member, indexes.map(IndexOutput.init)) }
        }
        if let stream = table.stream {
            json.member("StreamDescription", StreamSpecification(isEnabled: true, view: stream.view.rawValue))
        }
        if let timeToLive = table.timeToLive {
            json.member("TimeToLiveDescription") { json in
                json.object { json in
                    json.member("TimeToLiveStatus", "ENABLED")
                    json.member("AttributeName", timeToLive.attribute.string)
                }
            }
        }
    }
}

private struct ThroughputOutput: OutputShape {
    let throughput: Throughput

    func write(to json: inout JSONWriter) {
        json.member("ReadCapacityUnits", throughput.read)
        json.member("WriteCapacityUnits", throughput.write)
    }
}

private struct IndexOutput: OutputShape {
    let index: SecondaryIndex

    func write(to json: inout JSONWriter) {
        json.member("IndexName", index.name)
        json.member("KeySchema", index.schema.elements)
        json.member("Projection", index.projection)
        json.member("ProvisionedThroughput", index.throughput.map(ThroughputOutput.init))
    }
}

/// `ContinuousBackupsDescription`
struct ContinuousBackupsDescription: OutputShape {
    let recovery: PointInTimeRecovery?
    let now: Timestamp

    func write(to json: inout JSONWriter) {
        // AWS has backups of every table at the ready; recovery is what is turned on.
        json.member("ContinuousBackupsStatus", "ENABLED")
        json.member("PointInTimeRecoveryDescription") { json in
            json.object { json in
                json.member("PointInTimeRecoveryStatus", recovery == nil ? "DISABLED" : "ENABLED")
                guard let recovery else { return }
                json.member("RecoveryPeriodInDays", recovery.days)
                json.member("EarliestRestorableDateTime", recovery.earliest(at: now))
                json.member("LatestRestorableDateTime", now)
            }
        }
    }
}

/// The members of both restores that say what the new table shall be.
struct RestoreOverrides: Sendable {
    let target: TableReference
    let billingMode: String?
    let throughput: ThroughputInput?
    let globalIndexes: [IndexInput]?
    let localIndexes: [IndexInput]?

    init(_ member: Members) throws {
        target = try member("TargetTableName")
        billingMode = try member("BillingModeOverride")
        throughput = try member("ProvisionedThroughputOverride")
        globalIndexes = try member("GlobalSecondaryIndexOverride")
        localIndexes = try member("LocalSecondaryIndexOverride")
    }

    /// A new table like the old one, empty, to be filled from a file.
    func table(
        like source: TableDefinition, _ restoration: Restoration, in transaction: Transaction, _ call: Call
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

extension ServiceError {
    /// The backup operations have a name of their own for it.
    static func backedUpTableNotFound(_ name: String) -> ServiceError {
        ServiceError("TableNotFoundException", "Table not found: \(name)")
    }

    static func backupNotFound(_ arn: String) -> ServiceError {
        ServiceError("BackupNotFoundException", "Backup not found: \(arn)")
    }
}

extension TableStore {
    /// The table of an operation on backups.
    func backedUpTable(_ reference: TableReference, in call: Call) throws(ServiceError) -> TableDefinition {
        if let table = catalog.table(reference.identity(in: call)), !table.isBeingFilled { return table }
        try reference.validate()
        throw .backedUpTableNotFound(reference.name)
    }
}
