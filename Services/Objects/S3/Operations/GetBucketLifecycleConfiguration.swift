import ServiceKit

/// Answers when a bucket's objects expire.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html)
struct GetBucketLifecycleConfiguration: AWSOperation {
    struct Output: OutputShape {
        let configuration: JSONValue

        let minimumSize: LifecycleConfiguration.MinimumSize

        func write(to json: inout JSONWriter) {
            json.member("Rules", configuration["Rules"])
            json.member(LifecycleConfiguration.minimumSizeMember, minimumSize.rawValue)
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetLifecycleConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.configurations[.lifecycle] else {
            throw ServiceError.noSuchConfiguration(
                "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", bucket.name)
        }
        return Output(configuration: configuration, minimumSize: bucket.lifecycle?.minimumSize ?? .everywhere)
    }
}
