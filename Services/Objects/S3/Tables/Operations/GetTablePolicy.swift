import ServiceKit

/// Answers the policy attached to a table.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTablePolicy.html)
struct GetTablePolicy: AWSOperation {
    let store: S3Store

    func permissions(for input: TableInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input)]
    }

    func perform(_ input: TableInput, in call: Call) async throws -> GetTableBucketPolicy.Output {
        try GetTableBucketPolicy.Output(try await store.read { try $0.existing(input) }.policyText)
    }
}
