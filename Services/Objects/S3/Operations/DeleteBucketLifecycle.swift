import ServiceKit

/// Keeps a bucket's objects from expiring.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html)
struct DeleteBucketLifecycle: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutLifecycleConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.lifecycle, of: input.bucket, to: nil)
        return NoOutput()
    }
}
