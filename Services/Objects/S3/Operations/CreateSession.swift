import ServiceKit

/// Refuses sessions: directory buckets alone have them, and this stack has none.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html)
struct CreateSession: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        init(_ member: Members) throws { bucket = BucketReference(name: try member("Bucket")) }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let bucket = try await store.bucket(input.bucket)
        return [Permission("s3express:CreateSession", on: bucket.arn.description, owner: bucket.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput { throw ServiceError.methodNotAllowed }
}
