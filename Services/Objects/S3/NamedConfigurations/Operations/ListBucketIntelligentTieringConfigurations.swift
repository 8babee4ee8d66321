import ServiceKit

/// Lists the configurations of a bucket's intelligent tiering.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketIntelligentTieringConfigurations.html)
struct ListBucketIntelligentTieringConfigurations: AWSOperation {
    let store: S3Store

    func permissions(for input: NamedConfigurationsInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(NamedConfiguration.intelligentTiering.readAction, on: input.bucket, in: call)]
    }

    func perform(_ input: NamedConfigurationsInput, in call: Call) async throws -> NamedConfigurationsAnswer {
        try await store.list(.intelligentTiering, input)
    }
}
