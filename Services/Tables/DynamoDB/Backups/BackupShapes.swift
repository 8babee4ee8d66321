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
        if let encryption = EncryptionDescription(table.encryption) { json.member("SSEDescription", encryption) }
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

extension ServiceError {
    /// The backup operations have a name of their own for it.
    ///
    /// - Parameter name: as the request says it, a name or an ARN.
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
        if let table = catalog.table(reference.identity(in: call)), !table.isBeingFilled {
            try table.requireKey()
            return table
        }
        try reference.validate()
        throw .backedUpTableNotFound(reference.text)
    }
}
