import ServiceKit

/// Removes a bucket's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html)
struct DeleteBucketTagging: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketTagging", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        try await store.bucket(input.bucket).checkOldTagging()
        try await store.setConfiguration(.tagging, of: input.bucket, to: nil)
        return NoOutput()
    }
}
