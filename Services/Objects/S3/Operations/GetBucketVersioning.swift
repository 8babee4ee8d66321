import ServiceKit

/// Answers whether a bucket keeps versions, and whether they go only by a code; nothing of what was never set.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html)
struct GetBucketVersioning: AWSOperation {
    struct Output: OutputShape {
        let bucket: Bucket

        func write(to json: inout JSONWriter) {
            if bucket.versioning != .unversioned { json.member("Status", bucket.versioning.rawValue) }
            json.member("MFADelete", bucket.mfaDelete?.rawValue)
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketVersioning", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        Output(bucket: try await store.bucket(input.bucket))
    }
}
