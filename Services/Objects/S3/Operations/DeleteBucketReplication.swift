import ServiceKit

/// Ends the replication of a bucket's objects.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketReplication.html)
struct DeleteBucketReplication: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutReplicationConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        try await store.setConfiguration(.replication, of: input.bucket, to: nil)
        return NoOutput()
    }
}
