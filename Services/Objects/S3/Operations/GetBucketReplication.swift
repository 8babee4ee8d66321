import ServiceKit

/// Answers that a bucket has no replication, which is not here yet.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html)
struct GetBucketReplication: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetReplicationConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        let bucket = try await store.bucket(input.bucket)
        throw ServiceError.noSuchConfiguration(
            "ReplicationConfigurationNotFoundError", "The replication configuration was not found", bucket.name)
    }
}
