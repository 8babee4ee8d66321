import ServiceKit

/// Answers a configuration of a bucket's inventory.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketInventoryConfiguration.html)
struct GetBucketInventoryConfiguration: AWSOperation {
    let store: S3Store

    func permissions(for input: NamedConfigurationInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(NamedConfiguration.inventory.readAction, on: input.bucket, in: call)]
    }

    func perform(_ input: NamedConfigurationInput, in call: Call) async throws -> NamedConfigurationAnswer {
        try await store.find(.inventory, input)
    }
}
