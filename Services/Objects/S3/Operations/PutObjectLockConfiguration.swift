import ServiceKit

/// Gives a bucket Object Lock, or another default retention.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html)
struct PutObjectLockConfiguration: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            let given: JSONValue? = try member("ObjectLockConfiguration")
            guard let given else { throw ServiceError.malformedXML }
            configuration = given
            _ = try ObjectLockConfiguration(given)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketObjectLockConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Charged<NoOutput> {
        let body = Array(input.configuration.rawBytes)
        try await store.write(in: input.bucket) { transaction, bucket in
            guard bucket.versioning == .enabled else {
                throw ServiceError(
                    "InvalidBucketState",
                    "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
                    status: 409)
            }
            try transaction.setConfiguration(.objectLock, of: bucket.id, to: body)
        }
        return try await store.charged(NoOutput(), for: input.bucket, in: call)
    }
}
