import ServiceKit

/// Answers who owns the objects that others upload.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html)
struct GetBucketOwnershipControls: AWSOperation {
    struct Output: OutputShape {
        let configuration: JSONValue

        func write(to json: inout JSONWriter) { json.member("OwnershipControls", configuration) }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketOwnershipControls", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.configurations[.ownership] else {
            throw ServiceError.noSuchConfiguration(
                "OwnershipControlsNotFoundError", "The bucket ownership controls were not found", bucket.name)
        }
        return Output(configuration: configuration)
    }
}
