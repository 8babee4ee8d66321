import ServiceKit

/// Answers what keeps a bucket from becoming public.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html)
struct GetPublicAccessBlock: AWSOperation {
    struct Output: OutputShape {
        let configuration: JSONValue

        func write(to json: inout JSONWriter) { json.member("PublicAccessBlockConfiguration", configuration) }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketPublicAccessBlock", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.configurations[.publicAccessBlock] else {
            throw ServiceError.noSuchConfiguration(
                "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found",
                bucket.name)
        }
        return Output(configuration: configuration)
    }
}
