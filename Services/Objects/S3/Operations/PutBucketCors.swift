import ServiceKit

/// Says which web pages' scripts may use a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html)
struct PutBucketCors: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            configuration = try member("CORSConfiguration")
            _ = try CORSConfiguration(configuration)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketCORS", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.cors, of: input.bucket, to: input.configuration)
        return NoOutput()
    }
}
