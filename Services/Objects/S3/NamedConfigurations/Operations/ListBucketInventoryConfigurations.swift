import ServiceKit

/// Lists the configurations of a bucket's inventory.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketInventoryConfigurations.html)
struct ListBucketInventoryConfigurations: AWSOperation {
    let store: S3Store

    func permissions(for input: NamedConfigurationsInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(NamedConfiguration.inventory.readAction, on: input.bucket, in: call)]
    }

    func perform(_ input: NamedConfigurationsInput, in call: Call) async throws -> NamedConfigurationsAnswer {
        try await store.list(.inventory, input)
    }
}
