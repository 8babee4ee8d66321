import ServiceKit

/// Removes a bucket's default encryption.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html)
struct DeleteBucketEncryption: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutEncryptionConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.encryption, of: input.bucket, to: nil)
        return NoOutput()
    }
}
