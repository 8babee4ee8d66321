import ServiceKit

/// Says when a bucket's objects expire.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html)
struct PutBucketLifecycleConfiguration: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            let given: JSONValue = try member("LifecycleConfiguration")
            _ = try LifecycleConfiguration(given)
            configuration = try Rules.identified(given)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutLifecycleConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.lifecycle, of: input.bucket, to: input.configuration)
        return NoOutput()
    }
}
