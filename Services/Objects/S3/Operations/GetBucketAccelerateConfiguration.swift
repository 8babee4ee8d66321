import ServiceKit

/// Answers whether transfers are accelerated: never.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html)
struct GetBucketAccelerateConfiguration: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetAccelerateConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        NoOutput()
    }
}
