import ServiceKit

/// Begins the inventory of a bucket that has a journal, or ends it.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataInventoryTableConfiguration.html)
struct UpdateBucketMetadataInventoryTableConfiguration: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let table: RequestedTable
        let isEnabled: Bool

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            let configuration: JSONValue = try member("InventoryTableConfiguration")
            table = try RequestedTable(configuration)
            isEnabled = try RequestedTable.isInventoryEnabled(configuration)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let action = "s3:UpdateBucketMetadataInventoryTableConfiguration"
        let own = try await store.permission(action, on: input.bucket, in: call)
        guard input.isEnabled else { return [own] }
        return [own] + (try await store.permissions(toMake: [input.table], of: input.bucket))
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.updateMetadata(of: input.bucket) { transaction, bucket, configuration in
            guard input.isEnabled else {
                if let table = configuration.inventory?.id { try transaction.stopFollowing(table) }
                return configuration.inventory = nil
            }
            // Asked once more for what is there already.
            if configuration.inventory?.id != nil { return }
            let namespace = try transaction.metadataNamespace(configuration.namespace, in: bucket, at: call.now)
            configuration.inventory = try transaction.makeInventory(
                input.table, of: bucket, configuration, in: namespace, at: call.now)
        }
        return NoOutput()
    }
}
