import ServiceKit

/// Ends what a table of the customer's tells of a bucket's objects. The table stays.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketMetadataTableConfiguration.html)
struct DeleteBucketMetadataTableConfiguration: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:DeleteBucketMetadataTableConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        try await store.deleteMetadata(of: input.bucket) { configuration in
            guard configuration.isFirstForm else { throw ServiceError.methodNotAllowed }
        }
        return NoOutput()
    }
}
