import ServiceKit

/// Stores the encryption that objects have where their writer asks for none: every one is enciphered in any case.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html)
struct PutBucketEncryption: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            configuration = try member("ServerSideEncryptionConfiguration")
            try DefaultEncryption.check(configuration)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutEncryptionConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.encryption, of: input.bucket, to: input.configuration)
        return NoOutput()
    }
}
