import ServiceKit

/// Says whether policies see a bucket's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAbac.html)
struct PutBucketAbac: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            configuration = try member("AbacStatus")
            guard configuration["Status"]?.string != nil else { throw ServiceError.malformedXML }
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketAbac", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.abac, of: input.bucket, to: input.configuration)
        return NoOutput()
    }
}
