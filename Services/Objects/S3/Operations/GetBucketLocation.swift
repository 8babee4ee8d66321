import ServiceKit

/// Answers a bucket's region; nothing stands for us-east-1.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html)
struct GetBucketLocation: AWSOperation {
    struct Output: OutputShape {
        let region: String

        func write(to json: inout JSONWriter) {
            if region != "us-east-1" { json.member("LocationConstraint", region) }
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketLocation", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        Output(region: try await store.bucket(input.bucket).region)
    }
}
