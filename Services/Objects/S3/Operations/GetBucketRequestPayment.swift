import ServiceKit

/// Answers who pays for the requests to a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html)
struct GetBucketRequestPayment: AWSOperation {
    struct Output: OutputShape {
        let payment: RequestPayment

        func write(to json: inout JSONWriter) { json.member("Payer", payment.rawValue) }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketRequestPayment", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        Output(payment: try await store.bucket(input.bucket).payment)
    }
}
