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
        let document = try Self.checked(Array((input.policy.string ?? "").utf8))
        let bucket = try await store.bucket(input.bucket)
        if bucket.publicAccess.blockPublicPolicy, BucketPolicy.isPublic(document) {
            throw ServiceError.publicPolicyBlocked
        }
        try BucketPolicy.checkResources(of: document, in: bucket)
        try await store.setConfiguration(.policy, of: input.bucket, to: input.policy)
        return NoOutput()
    }

    /// - Throws: `MalformedPolicy`
    private static func checked(_ text: [UInt8]) throws -> JSONValue {
        guard text.count <= Limits.policySize else {
            throw ServiceError("PolicyTooLarge", "The policy exceeds the maximum allowed document size.")
        }
        guard let document = try? JSONDocument(text).root, document.kind == .object else {
            throw ServiceError.malformedPolicy
        }
        do {
            _ = try Policy.parse(text)
        } catch {
            throw ServiceError("MalformedPolicy", "\(error)")
        }
        return document
    }
}
