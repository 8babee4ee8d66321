import ServiceKit

/// Answers how a bucket is served as a website.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html)
struct GetBucketWebsite: AWSOperation {
    struct Output: OutputShape {
        let configuration: JSONValue

        func write(to json: inout JSONWriter) {
            for member in configuration.members { json.member(member.name, member.value) }
        }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetBucketWebsite", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.configurations[.website] else {
            throw ServiceError.noSuchConfiguration(
                "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration", bucket.name)
        }
        return Output(configuration: configuration)
    }
}
