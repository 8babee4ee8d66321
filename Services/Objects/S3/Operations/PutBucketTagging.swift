import ServiceKit

/// Replaces a bucket's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html)
struct PutBucketTagging: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            configuration = try member("Tagging")
            _ = try Tags(try Members(configuration)("TagSet"), limit: Limits.bucketTags)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketTagging", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.bucket(input.bucket).checkOldTagging()
        try await store.setConfiguration(.tagging, of: input.bucket, to: input.configuration)
        return NoOutput()
    }
}
