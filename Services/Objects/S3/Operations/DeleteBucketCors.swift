import ServiceKit

/// Keeps the scripts of other web pages from a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html)
struct DeleteBucketCors: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketCORS", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.cors, of: input.bucket, to: nil)
        return NoOutput()
    }
}
