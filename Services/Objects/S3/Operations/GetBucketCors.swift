import ServiceKit

/// Answers which web pages' scripts may use a bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html)
struct GetBucketCors: AWSOperation {
    struct Output: OutputShape {
        let configuration: JSONValue

        func write(to json: inout JSONWriter) { json.member("CORSRules", configuration["CORSRules"]) }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketCORS", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.configurations[.cors] else {
            throw ServiceError.noSuchConfiguration(
                "NoSuchCORSConfiguration", "The CORS configuration does not exist", bucket.name)
        }
        return Output(configuration: configuration)
    }
}
