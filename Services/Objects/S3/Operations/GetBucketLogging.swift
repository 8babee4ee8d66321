import ServiceKit

/// Answers where a bucket's access logs go; nothing if it keeps none.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html)
struct GetBucketLogging: AWSOperation {
    struct Output: OutputShape {
        let status: JSONValue?

        func write(to json: inout JSONWriter) {
            if let enabled = status?["LoggingEnabled"] { json.member("LoggingEnabled", enabled) }
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketLogging", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        Output(status: try await store.bucket(input.bucket).configurations[.logging])
    }
}
