import ServiceKit

/// Answers the policy attached to a bucket, as it was given.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html)
struct GetBucketPolicy: AWSOperation {
    struct Output: OutputShape {
        let policy: JSONValue

        func write(to json: inout JSONWriter) { json.member("Policy", policy) }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketPolicy", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let policy = bucket.configurations[.policy] else { throw BucketPolicy.missing(bucket) }
        return Output(policy: policy)
    }
}

extension BucketPolicy {
    static func missing(_ bucket: Bucket) -> ServiceError {
        .noSuchConfiguration("NoSuchBucketPolicy", "The bucket policy does not exist", bucket.name)
    }
}
