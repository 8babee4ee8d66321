import ServiceKit

/// Answers how the files of a bucket's tables are enciphered that say nothing of it.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTableBucketEncryption.html)
struct GetTableBucketEncryption: AWSOperation {
    struct Output: OutputShape {
        let encryption: TableEncryption

        func write(to json: inout JSONWriter) { json.member("encryptionConfiguration", encryption) }
    }

    let store: S3Store

    func permissions(for input: TableBucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket)]
    }

    func perform(_ input: TableBucketInput, in call: Call) async throws -> Output {
        Output(encryption: TableEncryption(key: try await store.read { try $0.existing(input.bucket) }.encryptionKey))
    }
}
