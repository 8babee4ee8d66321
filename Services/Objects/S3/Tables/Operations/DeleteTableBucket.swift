import ServiceKit

/// Deletes a table bucket without namespaces.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_DeleteTableBucket.html)
struct DeleteTableBucket: AWSOperation {
    let store: S3Store

    func permissions(for input: TableBucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket)]
    }

    func perform(_ input: TableBucketInput, in call: Call) async throws -> NoOutput {
        try await store.database.write { transaction in
            guard try transaction.deleteTableBucketIfEmpty(try transaction.existing(input.bucket)) else {
                throw ServiceError.tableBucketNotEmpty
            }
        }
        return NoOutput()
    }
}
