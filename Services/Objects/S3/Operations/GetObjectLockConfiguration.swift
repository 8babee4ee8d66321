import ServiceKit

/// Answers that a bucket has no Object Lock, which is not here yet.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html)
struct GetObjectLockConfiguration: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketObjectLockConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        let bucket = try await store.bucket(input.bucket)
        throw ServiceError.noSuchConfiguration(
            "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket",
            bucket.name)
    }
}
