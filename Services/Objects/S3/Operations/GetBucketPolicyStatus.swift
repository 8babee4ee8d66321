import ServiceKit

/// Answers whether a bucket's policy lets everybody in.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html)
struct GetBucketPolicyStatus: AWSOperation {
    struct Output: OutputShape {
        let isPublic: Bool

        func write(to json: inout JSONWriter) {
            json.member("PolicyStatus") { $0.object { $0.member("IsPublic", isPublic) } }
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketPolicyStatus", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard bucket.configurations[.policy] != nil else { throw BucketPolicy.missing(bucket) }
        return Output(isPublic: bucket.isPolicyPublic)
    }
}
