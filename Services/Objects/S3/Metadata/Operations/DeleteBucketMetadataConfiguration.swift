import ServiceKit

/// Ends what tables tell of a bucket's objects. The tables stay, with all that happened before.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketMetadataConfiguration.html)
struct DeleteBucketMetadataConfiguration: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:DeleteBucketMetadataTableConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        try await store.deleteMetadata(of: input.bucket) { _ in }
        return NoOutput()
    }
}

extension S3Store {
    /// - Throws: `MetadataConfigurationNotFound`, and what `check` throws.
    func deleteMetadata(
        of reference: BucketReference, _ check: @escaping @Sendable (MetadataConfiguration) throws -> Void
    ) async throws {
        try await write(in: reference) { transaction, bucket in
            guard let configuration = bucket.metadata else {
                throw ServiceError.noMetadataConfiguration(bucket.name)
            }
            try check(configuration)
            if let inventory = configuration.inventory?.id { try transaction.stopFollowing(inventory) }
            try transaction.setMetadata(of: bucket, to: nil)
        }
    }
}
