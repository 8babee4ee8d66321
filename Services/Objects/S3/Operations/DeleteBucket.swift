import ServiceKit

/// Deletes an empty bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html)
struct DeleteBucket: AWSOperation {
    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:DeleteBucket", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> NoOutput {
        let files = store.files
        try await store.write(in: input.bucket) { transaction, bucket in
            if try transaction.hasAccessPoints(bucket: bucket.name) { throw ServiceError.bucketHasAccessPoints }
            guard let unneeded = try transaction.deleteBucketIfEmpty(bucket.id) else {
                throw ServiceError.bucketNotEmpty(bucket.name)
            }
            try transaction.settleTasks(waitingIn: bucket.name, .failed(.noSuchBucket(bucket.name)))
            transaction.afterCommit { files.remove(unneeded) }
        }
        return NoOutput()
    }
}

extension ServiceError {
    fileprivate static let bucketHasAccessPoints = ServiceError(
        "BucketHasAccessPointsAttached",
        "The bucket you are trying to delete has access points attached. Delete your access points and try again.")
}
