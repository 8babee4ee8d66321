import ServiceKit

/// Takes the policy off a table bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_DeleteTableBucketPolicy.html)
struct DeleteTableBucketPolicy: AWSOperation {
    let store: S3Store

    func permissions(for input: TableBucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket)]
    }

    func perform(_ input: TableBucketInput, in call: Call) async throws -> NoOutput {
        try await store.database.write { try $0.setPolicy(of: try $0.existing(input.bucket), to: nil) }
        return NoOutput()
    }
}
