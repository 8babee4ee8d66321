import ServiceKit

/// Answers the storage class of the files of a table: there is one.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTableStorageClass.html)
struct GetTableStorageClass: AWSOperation {
    let store: S3Store

    func permissions(for input: TableInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input)]
    }

    func perform(_ input: TableInput, in call: Call) async throws -> GetTableBucketStorageClass.Output {
        _ = try await store.read { try $0.existing(input) }
        return GetTableBucketStorageClass.Output()
    }
}
