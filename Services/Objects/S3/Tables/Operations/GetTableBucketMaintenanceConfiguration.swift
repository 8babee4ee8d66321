import ServiceKit

/// Answers what is done about files that no table has: they are removed.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTableBucketMaintenanceConfiguration.html)
struct GetTableBucketMaintenanceConfiguration: AWSOperation {
    struct Output: OutputShape {
        let bucket: TableBucket

        func write(to json: inout JSONWriter) {
            json.member("tableBucketARN", bucket.arn.description)
            json.member("configuration") { json in
                json.object { json in
                    json.member("icebergUnreferencedFileRemoval") { $0.object { $0.member("status", "enabled") } }
                }
            }
        }
    }

    let store: S3Store

    func permissions(for input: TableBucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket)]
    }

    func perform(_ input: TableBucketInput, in call: Call) async throws -> Output {
        Output(bucket: try await store.read { try $0.existing(input.bucket) })
    }
}
