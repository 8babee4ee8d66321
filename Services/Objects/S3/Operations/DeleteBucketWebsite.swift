import ServiceKit

/// Ends a bucket's website.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html)
struct DeleteBucketWebsite: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketWebsite", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.website, of: input.bucket, to: nil)
        return NoOutput()
    }
}
