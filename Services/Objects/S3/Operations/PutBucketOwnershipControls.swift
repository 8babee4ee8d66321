import ServiceKit

/// Says who owns the objects that others upload.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html)
struct PutBucketOwnershipControls: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            configuration = try member("OwnershipControls")
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketOwnershipControls", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.ownership, of: input.bucket, to: input.configuration)
        return NoOutput()
    }
}
