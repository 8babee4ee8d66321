import ServiceKit

/// Begins tables that tell of a bucket's objects.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketMetadataConfiguration.html)
struct CreateBucketMetadataConfiguration: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let journal: RequestedTable
        let expirationDays: Int64?
        /// `nil` where none is asked for.
        let inventory: RequestedTable?

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            let configuration: JSONValue = try member("MetadataConfiguration")
            guard let journal = configuration["JournalTableConfiguration"] else { throw ServiceError.malformedXML }
            self.journal = try RequestedTable(journal)
            expirationDays = try RequestedTable.expirationDays(journal)
            inventory = try configuration["InventoryTableConfiguration"].flatMap { inventory in
                let requested = try RequestedTable(inventory)
                return try RequestedTable.isInventoryEnabled(inventory) ? requested : nil
            }
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let tables = [input.journal] + (input.inventory.map { [$0] } ?? [])
        return [try await store.permission("s3:CreateBucketMetadataTableConfiguration", on: input.bucket, in: call)]
            + (try await store.permissions(toMake: tables, of: input.bucket))
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write(in: input.bucket) { transaction, bucket in
            if bucket.metadata != nil { throw ServiceError.metadataConfigurationExists(bucket.name) }
            let name = MetadataConfiguration.namespace(of: bucket)
            let namespace = try transaction.metadataNamespace(name, in: bucket, at: call.now)
            var configuration = MetadataConfiguration(
                isFirstForm: false, tableBucket: bucket.managedTables, namespace: name,
                tableName: MetadataConfiguration.journalName, expirationDays: input.expirationDays)
            let journal = NewTable(
                kind: .journal, name: MetadataConfiguration.journalName, source: bucket,
                encryptionKey: input.journal.encryptionKey, expirationDays: input.expirationDays)
            configuration.journalTable = try transaction.makeTable(
                journal, in: namespace, existing: .journalExists, at: call.now)
            configuration.inventory = try input.inventory.map {
                try transaction.makeInventory($0, of: bucket, configuration, in: namespace, at: call.now)
            }
            try transaction.setMetadata(of: bucket, to: configuration)
        }
        return NoOutput()
    }
}
