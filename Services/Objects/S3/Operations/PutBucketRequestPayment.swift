import ServiceKit

/// Says who pays for the requests to a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html)
struct PutBucketRequestPayment: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            configuration = try member("RequestPaymentConfiguration")
            _ = try RequestPayment(configuration)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketRequestPayment", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.requestPayment, of: input.bucket, to: input.configuration)
        return NoOutput()
    }
}
