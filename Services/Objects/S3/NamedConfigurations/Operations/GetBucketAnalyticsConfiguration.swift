import ServiceKit

/// Answers a configuration of a bucket's storage class analysis.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAnalyticsConfiguration.html)
struct GetBucketAnalyticsConfiguration: AWSOperation {
    let store: S3Store

    func permissions(for input: NamedConfigurationInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(NamedConfiguration.analytics.readAction, on: input.bucket, in: call)]
    }

    func perform(_ input: NamedConfigurationInput, in call: Call) async throws -> NamedConfigurationAnswer {
        try await store.find(.analytics, input)
    }
}
