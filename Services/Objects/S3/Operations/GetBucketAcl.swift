import ServiceKit

/// Answers a bucket's access control list.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html)
struct GetBucketAcl: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketAcl", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> AccessControlAnswer {
        let bucket = try await store.bucket(input.bucket)
        return AccessControlAnswer(list: bucket.list, bucketOwner: bucket.owner)
    }
}
