import ServiceKit

/// Forgets a configuration of a bucket's storage class analysis.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketAnalyticsConfiguration.html)
struct DeleteBucketAnalyticsConfiguration: AWSOperation {
    let store: S3Store

    func permissions(for input: NamedConfigurationInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(NamedConfiguration.analytics.writeAction, on: input.bucket, in: call)]
    }

    func perform(_ input: NamedConfigurationInput, in call: Call) async throws -> NoOutput {
        try await store.delete(.analytics, input)
    }
}
