import ServiceKit

/// Answers the default encryption that was configured.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html)
struct GetBucketEncryption: AWSOperation {
    struct Output: OutputShape {
        let configuration: JSONValue

        func write(to json: inout JSONWriter) { json.member("ServerSideEncryptionConfiguration", configuration) }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetEncryptionConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.configurations[.encryption] else {
            throw ServiceError.noSuchConfiguration(
                "ServerSideEncryptionConfigurationNotFoundError",
                "The server side encryption configuration was not found", bucket.name)
        }
        return Output(configuration: configuration)
    }
}
