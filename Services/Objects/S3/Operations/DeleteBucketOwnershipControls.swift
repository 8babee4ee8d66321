import ServiceKit

/// Removes a bucket's ownership controls.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html)
struct DeleteBucketOwnershipControls: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketOwnershipControls", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.ownership, of: input.bucket, to: nil)
        return NoOutput()
    }
}
