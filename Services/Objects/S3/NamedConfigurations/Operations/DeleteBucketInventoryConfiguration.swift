import ServiceKit

/// Forgets a configuration of a bucket's inventory.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketInventoryConfiguration.html)
struct DeleteBucketInventoryConfiguration: AWSOperation {
    let store: S3Store

    func permissions(for input: NamedConfigurationInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(NamedConfiguration.inventory.writeAction, on: input.bucket, in: call)]
    }

    func perform(_ input: NamedConfigurationInput, in call: Call) async throws -> NoOutput {
        try await store.delete(.inventory, input)
    }
}
