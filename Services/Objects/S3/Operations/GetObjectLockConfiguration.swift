import ServiceKit

/// Answers a bucket's Object Lock.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html)
struct GetObjectLockConfiguration: AWSOperation {
    struct Output: OutputShape {
        let configuration: JSONValue

        func write(to json: inout JSONWriter) { json.member("ObjectLockConfiguration", configuration) }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketObjectLockConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.configurations[.objectLock] else {
            throw ServiceError.noSuchConfiguration(
                "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket",
                bucket.name)
        }
        return Output(configuration: configuration)
    }
}
