import ServiceKit

/// Answers who pays for requests: the bucket's owner.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html)
struct GetBucketRequestPayment: AWSOperation {
    struct Output: OutputShape {
        func write(to json: inout JSONWriter) { json.member("Payer", "BucketOwner") }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketRequestPayment", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        Output()
    }
}
