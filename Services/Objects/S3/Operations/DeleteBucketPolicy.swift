import ServiceKit

/// Removes the policy attached to a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html)
struct DeleteBucketPolicy: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:DeleteBucketPolicy", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.policy, of: input.bucket, to: nil)
        return NoOutput()
    }
}
