import ServiceKit

/// Answers how a table's files are enciphered.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTableEncryption.html)
struct GetTableEncryption: AWSOperation {
    let store: S3Store

    func permissions(for input: TableInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input)]
    }

    func perform(_ input: TableInput, in call: Call) async throws -> GetTableBucketEncryption.Output {
        GetTableBucketEncryption.Output(
            encryption: TableEncryption(key: try await store.read { try $0.existing(input) }.encryptionKey))
    }
}
