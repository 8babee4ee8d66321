import ServiceKit

/// What the control plane answers of a table.
struct TableDescription: OutputShape {
    enum Status: String {
        case creating = "CREATING"
        case active = "ACTIVE"
        case updating = "UPDATING"
        case deleting = "DELETING"
        /// Its key cannot be used.
        case inaccessible = "INACCESSIBLE_ENCRYPTION_CREDENTIALS"
    }

    struct Counts: Sendable {
        var items: Int64 = 0
        var bytes: Int64 = 0
    }

    let table: TableDefinition
    var status: Status
    /// By which today's changes are counted.
    private var now: Timestamp?
    /// By tree.
    var counts: [Int64: Counts] = [:]
    /// Of other replicas, by region.
    private var replicaKeys: [String: TableEncryption] = [:]

    init(_ table: TableDefinition, status: Status = .active) {
        self.table = table
        self.status =
            if status == .deleting || table.isBeingDeleted { .deleting } else {
                table.isBeingFilled ? .creating : table.isAccessible ? status : .inaccessible
            }
    }

    /// With the numbers of items and bytes as they are now.
    init(_ table: TableDefinition, status: Status = .active, in snapshot: Snapshot, at now: Timestamp) throws {
        self.init(table, status: status)
        self.now = now
        for tree in [table.id] + table.indexes.map(\.id) {
            let statistics = try snapshot.statistics(of: tree)
            counts[tree] = Counts(items: statistics.items, bytes: statistics.bytes)
        }
        for replica in table.replication?.others(than: table.region) ?? [] {
            replicaKeys[replica.region] = try snapshot.table(table.identity(in: replica.region))?.encryption
        }
    }

    func write(to json: inout JSONWriter) {
        json.member("TableName", table.name)
        json.member("TableStatus", status.rawValue)
        json.member(
            "ProvisionedThroughput",
            ThroughputDescription(throughput: table.throughput, history: table.capacityHistory, now: now))
        json.member("TableSizeBytes", counts[table.id]?.bytes ?? 0)
        json.member("ItemCount", counts[table.id]?.items ?? 0)
        json.member("TableArn", table.arn)
        json.member("TableId", table.uuid)
        json.member("DeletionProtectionEnabled", table.isDeletionProtected)
        if table.billing == .payPerRequest {
            json.member("BillingModeSummary", BillingModeSummary(since: table.payPerRequestSince))
        }
        if let replication = table.replication { writeReplicas(of: replication, to: &json) }
        // Of a table that is going AWS tells no more.
        if status != .deleting { writeDesign(to: &json) }
    }

    /// What CreateTable and UpdateTable chose.
    private func writeDesign(to json: inout JSONWriter) {
        json.member("AttributeDefinitions", table.attributeDefinitions.map(AttributeDefinitionOutput.init))
        json.member("KeySchema", table.schema.elements)
        json.member("CreationDateTime", table.createdAt)
        writeIndexes("LocalSecondaryIndexes", .local, to: &json)
        writeIndexes("GlobalSecondaryIndexes", .global, to: &json)
        if let stream = table.stream {
            json.member("StreamSpecification", StreamSpecification(isEnabled: true, view: stream.view.rawValue))
            json.member("LatestStreamLabel", stream.label)
            json.member("LatestStreamArn", table.streamARN)
        }
        json.member("SSEDescription", EncryptionDescription(table.encryption))
        if let restoration = table.restoration { writeRestoration(restoration, to: &json) }
        if let tableClass = table.tableClass {
            json.member("TableClassSummary") { $0.object { $0.member("TableClass", tableClass) } }
        }
    }

    private func writeReplicas(of replication: Replication, to json: inout JSONWriter) {
        json.member("GlobalTableVersion", replication.version.rawValue)
        guard replication.version == .current else { return }
        json.member(
            "Replicas",
            replication.others(than: table.region).map {
                ReplicaDescription(replica: $0, of: table, under: replicaKeys[$0.region])
            })
        json.member("GlobalTableSettingsReplicationMode", ReplicaDescription.settingsMode)
    }

    private func writeRestoration(_ restoration: Restoration, to json: inout JSONWriter) {
        json.member("RestoreSummary") { json in
            json.object { json in
                json.member("SourceBackupArn", restoration.sourceBackup)
                json.member("SourceTableArn", restoration.sourceTable)
                json.member("RestoreDateTime", restoration.time)
                json.member("RestoreInProgress", table.isBeingRestored)
            }
        }
    }

    private func writeIndexes(_ member: String, _ scope: SecondaryIndex.Scope, to json: inout JSONWriter) {
        let indexes = table.indexes.filter { $0.scope == scope }
        guard !indexes.isEmpty else { return }
        json.member(
            member,
            indexes.map { index in
                IndexDescription(
                    index: index, arn: table.indexARN(index), isBeingCreated: status == .creating,
                    counts: counts[index.id] ?? Counts(), now: now)
            })
    }
}

private struct IndexDescription: OutputShape {
    let index: SecondaryIndex
    let arn: ARN
    let isBeingCreated: Bool
    let counts: TableDescription.Counts
    let now: Timestamp?

    func write(to json: inout JSONWriter) {
        json.member("IndexName", index.name)
        json.member("KeySchema", index.schema.elements)
        json.member("Projection", index.projection)
        if index.scope == .global {
            let status = isBeingCreated ? SecondaryIndex.Status.creating : index.status
            json.member("IndexStatus", status.rawValue)
            if index.status == .creating { json.member("Backfilling", index.backfillPosition != nil) }
            json.member(
                "ProvisionedThroughput",
                ThroughputDescription(
                    throughput: index.throughput ?? Throughput(read: 0, write: 0), history: index.capacityHistory,
                    now: now))
        }
        json.member("IndexSizeBytes", counts.bytes)
        json.member("ItemCount", counts.items)
        json.member("IndexArn", arn)
    }
}

extension SecondaryIndex.Projection: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("ProjectionType", name)
        if case .include(let names) = self { json.member("NonKeyAttributes", names.map(\.string)) }
    }
}

private struct AttributeDefinitionOutput: OutputShape {
    let attribute: KeyAttribute

    func write(to json: inout JSONWriter) {
        json.member("AttributeName", attribute.name.string)
        json.member("AttributeType", attribute.kind.rawValue)
    }
}

struct KeySchemaElement: OutputShape {
    let name: Text
    let type: String

    func write(to json: inout JSONWriter) {
        json.member("AttributeName", name.string)
        json.member("KeyType", type)
    }
}

extension KeySchema {
    var elements: [KeySchemaElement] {
        partitions.map { KeySchemaElement(name: $0.name, type: "HASH") }
            + sorts.map { KeySchemaElement(name: $0.name, type: "RANGE") }
    }
}

private struct ThroughputDescription: OutputShape {
    let throughput: Throughput
    var history = CapacityHistory()
    var now: Timestamp?

    func write(to json: inout JSONWriter) {
        json.member("LastIncreaseDateTime", history.lastIncrease)
        json.member("LastDecreaseDateTime", history.lastDecrease)
        json.member("NumberOfDecreasesToday", now.map { history.decreasesToday(at: $0) } ?? 0)
        json.member("ReadCapacityUnits", throughput.read)
        json.member("WriteCapacityUnits", throughput.write)
    }
}

private struct BillingModeSummary: OutputShape {
    let since: Timestamp?

    func write(to json: inout JSONWriter) {
        json.member("BillingMode", TableDefinition.BillingMode.payPerRequest.rawValue)
        json.member("LastUpdateToPayPerRequestDateTime", since)
    }
}
