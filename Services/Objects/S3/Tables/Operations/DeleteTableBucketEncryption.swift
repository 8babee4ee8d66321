import ServiceKit

/// Lets the store's own key encipher what is written to a bucket's tables: of those made from now on.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_DeleteTableBucketEncryption.html)
struct DeleteTableBucketEncryption: AWSOperation {
    let store: S3Store

    func permissions(for input: TableBucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket)]
    }

    func perform(_ input: TableBucketInput, in call: Call) async throws -> NoOutput {
        try await store.database.write { try $0.setEncryption(of: try $0.existing(input.bucket), key: nil) }
        return NoOutput()
    }
}
