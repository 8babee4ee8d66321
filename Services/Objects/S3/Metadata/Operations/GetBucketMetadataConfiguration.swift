import ServiceKit

/// Answers which tables tell of a bucket's objects, and how they are.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataConfiguration.html)
struct GetBucketMetadataConfiguration: AWSOperation {
    struct Output: OutputShape {
        let configuration: MetadataConfiguration
        let journal: MetadataTableState
        let inventory: MetadataTableState?

        func write(to json: inout JSONWriter) {
            json.member("GetBucketMetadataConfigurationResult") { json in
                json.object { json in
                    json.member("MetadataConfigurationResult") { json in json.object { writeResult(to: &$0) } }
                }
            }
        }

        private func writeResult(to json: inout JSONWriter) {
            json.member("DestinationResult") { json in
                json.object { json in
                    json.member("TableBucketType", configuration.isFirstForm ? "customer" : "aws")
                    json.member("TableBucketArn", configuration.tableBucket)
                    json.member("TableNamespace", configuration.namespace)
                }
            }
            json.member("JournalTableConfigurationResult") { json in
                json.object { json in
                    journal.write(to: &json, named: configuration.tableName)
                    json.member("RecordExpiration") { json in
                        json.object { json in
                            json.member("Expiration", configuration.expirationDays == nil ? "DISABLED" : "ENABLED")
                            json.member("Days", configuration.expirationDays)
                        }
                    }
                }
            }
            if configuration.isFirstForm { return }
            json.member("InventoryTableConfigurationResult") { json in
                json.object { json in
                    json.member("ConfigurationState", inventory == nil ? "DISABLED" : "ENABLED")
                    inventory?.write(to: &json, named: MetadataConfiguration.inventoryName)
                }
            }
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketMetadataTableConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.metadata else { throw ServiceError.noMetadataConfiguration(bucket.name) }
        return try await store.read { snapshot in
            let journal = try snapshot.state(of: configuration.journalTable)
            let inventory = try configuration.inventory.map(snapshot.state)
            return Output(configuration: configuration, journal: journal, inventory: inventory?.relying(on: journal))
        }
    }
}

/// How a table of metadata is.
struct MetadataTableState: Sendable {
    let table: IcebergTable?
    let failure: MetadataConfiguration.Failure?

    var status: String {
        guard let table, failure == nil else { return "FAILED" }
        if table.metadata.isEmpty { return "CREATING" }
        return table.backfill == nil ? "ACTIVE" : "BACKFILLING"
    }

    /// It as an inventory that its journal tells what has changed.
    func relying(on journal: MetadataTableState) -> MetadataTableState {
        MetadataTableState(table: table, failure: failure ?? (journal.failure == nil ? nil : .noJournal))
    }

    func write(to json: inout JSONWriter, named name: String) {
        json.member("TableStatus", status)
        writeError(to: &json)
        json.member("TableName", name)
        json.member("TableArn", table?.arn.description)
    }

    func writeError(to json: inout JSONWriter) {
        guard let failure else { return }
        json.member("Error") { json in
            json.object { json in
                json.member("ErrorCode", failure.rawValue)
                json.member("ErrorMessage", failure.message)
            }
        }
    }
}

extension Snapshot {
    func state(of configured: MetadataConfiguration.Table) throws -> MetadataTableState {
        guard let id = configured.id else { return MetadataTableState(table: nil, failure: configured.failure) }
        guard let table = try table(id) else { return MetadataTableState(table: nil, failure: .tableNotFound) }
        return MetadataTableState(
            table: table, failure: table.failure.flatMap(MetadataConfiguration.Failure.init(rawValue:)))
    }
}
