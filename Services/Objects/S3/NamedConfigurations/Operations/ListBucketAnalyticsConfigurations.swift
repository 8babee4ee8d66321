import ServiceKit

/// Lists the configurations of a bucket's storage class analysis.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketAnalyticsConfigurations.html)
struct ListBucketAnalyticsConfigurations: AWSOperation {
    let store: S3Store

    func permissions(for input: NamedConfigurationsInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(NamedConfiguration.analytics.readAction, on: input.bucket, in: call)]
    }

    func perform(_ input: NamedConfigurationsInput, in call: Call) async throws -> NamedConfigurationsAnswer {
        try await store.list(.analytics, input)
    }
}
