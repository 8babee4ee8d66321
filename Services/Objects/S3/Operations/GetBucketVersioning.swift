import ServiceKit

/// Answers whether a bucket keeps versions; nothing if it never did.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html)
struct GetBucketVersioning: AWSOperation {
    struct Output: OutputShape {
        let versioning: Bucket.Versioning

        func write(to json: inout JSONWriter) {
            if versioning != .unversioned { json.member("Status", versioning.rawValue) }
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketVersioning", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        Output(versioning: try await store.bucket(input.bucket).versioning)
    }
}
