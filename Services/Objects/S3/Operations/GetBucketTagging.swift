import ServiceKit

/// Answers a bucket's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html)
struct GetBucketTagging: AWSOperation {
    struct Output: OutputShape {
        let configuration: JSONValue

        func write(to json: inout JSONWriter) { json.member("TagSet", configuration["TagSet"]) }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketTagging", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.configurations[.tagging] else {
            throw ServiceError.noSuchConfiguration(
                "NoSuchTagSet", "The TagSet does not exist", bucket.name)
        }
        return Output(configuration: configuration)
    }
}
