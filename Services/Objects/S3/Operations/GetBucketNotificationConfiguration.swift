import ServiceKit

/// Answers who is told of what happens in a bucket; nothing for nobody.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html)
struct GetBucketNotificationConfiguration: AWSOperation {
    struct Output: OutputShape {
        let configuration: JSONValue?

        func write(to json: inout JSONWriter) {
            guard let configuration else { return }
            for member in configuration.members { json.member(member.name, member.value) }
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketNotification", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        Output(configuration: try await store.bucket(input.bucket).configurations[.notification])
    }
}
