import ServiceKit

/// Says how long the records of a bucket's journal are kept.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataJournalTableConfiguration.html)
struct UpdateBucketMetadataJournalTableConfiguration: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let expirationDays: Int64?

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            expirationDays = try RequestedTable.expirationDays(try member("JournalTableConfiguration"))
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:UpdateBucketMetadataJournalTableConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.updateMetadata(of: input.bucket) { transaction, _, configuration in
            configuration.expirationDays = input.expirationDays
            if let table = configuration.journal {
                try transaction.setExpiration(of: table, days: input.expirationDays)
            }
        }
        return NoOutput()
    }
}

extension S3Store {
    /// Changes the configuration of a bucket that has one of the second form.
    ///
    /// - Throws: `MetadataConfigurationNotFound`, `MethodNotAllowed`
    func updateMetadata(
        of reference: BucketReference,
        _ change: @escaping @Sendable (Transaction, Bucket, inout MetadataConfiguration) throws -> Void
    ) async throws {
        try await write(in: reference) { transaction, bucket in
            guard var configuration = bucket.metadata else {
                throw ServiceError.noMetadataConfiguration(bucket.name)
            }
            if configuration.isFirstForm { throw ServiceError.methodNotAllowed }
            try change(transaction, bucket, &configuration)
            try transaction.setMetadata(of: bucket, to: configuration)
        }
    }
}
