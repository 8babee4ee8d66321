import ServiceKit

/// Says how the files of a bucket's tables are enciphered that say nothing of it: of those made from now on.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_PutTableBucketEncryption.html)
struct PutTableBucketEncryption: AWSOperation {
    struct Input: InputShape {
        let bucket: TableBucketReference
        let encryption: TableEncryption

        init(_ member: Members) throws {
            bucket = try TableBucketReference(try member("tableBucketARN"))
            encryption = try member("encryptionConfiguration")
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        var own = try await store.permission(on: input.bucket)
        own.context = input.encryption.conditions
        return [own] + input.encryption.permissions
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.database.write { transaction in
            try transaction.setEncryption(of: try transaction.existing(input.bucket), key: input.encryption.key)
        }
        return NoOutput()
    }
}
