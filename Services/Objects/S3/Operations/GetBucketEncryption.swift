import ServiceKit

/// Answers the encryption that objects have where their writer asks for none.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html)
struct GetBucketEncryption: AWSOperation {
    struct Output: OutputShape {
        let configuration: JSONValue

        func write(to json: inout JSONWriter) { json.member("ServerSideEncryptionConfiguration", configuration) }
    }

    /// What every bucket has without being asked, since January 2023.
    private static let initial = Array(
        #"{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BucketKeyEnabled":false}]}"#.utf8)

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetEncryptionConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        let configuration = try bucket.configurations[.encryption] ?? JSONDocument(Self.initial).root
        return Output(configuration: configuration)
    }
}
