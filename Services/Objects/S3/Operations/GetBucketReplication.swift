import ServiceKit

/// Answers which of a bucket's objects other buckets are to have too.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html)
struct GetBucketReplication: AWSOperation {
    struct Output: OutputShape {
        let configuration: JSONValue

        func write(to json: inout JSONWriter) { json.member("ReplicationConfiguration", configuration) }
    }

    let store: S3Store

    func permissions(for input: BucketInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:GetReplicationConfiguration", on: input.bucket, in: call)]
    }

    func perform(_ input: BucketInput, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.bucket)
        guard let configuration = bucket.configurations[.replication] else {
            throw ServiceError.noSuchConfiguration(
                "ReplicationConfigurationNotFoundError", "The replication configuration was not found", bucket.name)
        }
        return Output(configuration: configuration)
    }
}
