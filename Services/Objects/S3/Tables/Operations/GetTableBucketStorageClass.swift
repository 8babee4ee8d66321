import ServiceKit

/// Answers the storage class of the files of a bucket's tables: there is one.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTableBucketStorageClass.html)
struct GetTableBucketStorageClass: AWSOperation {
    struct Output: OutputShape {
        func write(to json: inout JSONWriter) {
            json.member("storageClassConfiguration") { $0.object { $0.member("storageClass", StorageClass.standard) } }
        }
    }

    let store: S3Store

    func permissions(for input: TableBucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket)]
    }

    func perform(_ input: TableBucketInput, in call: Call) async throws -> Output {
        _ = try await store.read { try $0.existing(input.bucket) }
        return Output()
    }
}
