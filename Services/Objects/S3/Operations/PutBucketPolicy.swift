import ServiceKit

/// Attaches a policy to a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html)
struct PutBucketPolicy: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let policy: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            policy = try member("Policy")
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketPolicy", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let document = try BucketPolicy.checked(Array((input.policy.string ?? "").utf8))
        let bucket = try await store.bucket(input.bucket)
        if bucket.publicAccess.blockPublicPolicy, BucketPolicy.isPublic(document) {
            throw ServiceError.publicPolicyBlocked
        }
        try BucketPolicy.checkResources(of: document, naming: { bucket.owns($0) })
        try await store.setConfiguration(.policy, of: input.bucket, to: input.policy)
        return NoOutput()
    }
}

extension Bucket {
    /// Policies name the bucket itself, objects in it, or all of both.
    fileprivate func owns(_ resource: String) -> Bool {
        let own = arn.description
        return resource == own || resource.hasPrefix("\(own)/") || resource == "*" || resource.hasPrefix("\(own)*")
    }
}
