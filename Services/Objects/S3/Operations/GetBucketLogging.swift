import ServiceKit

/// Answers where access is logged: nowhere.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html)
struct GetBucketLogging: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketLogging", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        NoOutput()
    }
}
