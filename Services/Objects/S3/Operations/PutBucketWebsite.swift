import ServiceKit

/// Has a bucket served as a website.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html)
struct PutBucketWebsite: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            configuration = try member("WebsiteConfiguration")
            _ = try WebsiteConfiguration(configuration)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketWebsite", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.website, of: input.bucket, to: input.configuration)
        return NoOutput()
    }
}
