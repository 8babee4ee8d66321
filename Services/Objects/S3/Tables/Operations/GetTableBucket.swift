import ServiceKit

/// Describes a table bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTableBucket.html)
struct GetTableBucket: AWSOperation {
    struct Output: OutputShape {
        let bucket: TableBucket

        func write(to json: inout JSONWriter) { bucket.write(to: &json) }
    }

    let store: S3Store

    func permissions(for input: TableBucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket)]
    }

    func perform(_ input: TableBucketInput, in call: Call) async throws -> Output {
        Output(bucket: try await store.read { try $0.existing(input.bucket) })
    }
}
