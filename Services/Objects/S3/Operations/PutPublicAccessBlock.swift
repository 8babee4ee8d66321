import ServiceKit

/// Says what keeps a bucket from becoming public.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html)
struct PutPublicAccessBlock: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            configuration = try member("PublicAccessBlockConfiguration")
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketPublicAccessBlock", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.publicAccessBlock, of: input.bucket, to: input.configuration)
        return NoOutput()
    }
}
