import ServiceKit

/// Lets a bucket become public.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html)
struct DeletePublicAccessBlock: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketPublicAccessBlock", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.publicAccessBlock, of: input.bucket, to: nil)
        return NoOutput()
    }
}
