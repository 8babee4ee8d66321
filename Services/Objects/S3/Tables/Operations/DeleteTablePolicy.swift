import ServiceKit

/// Takes the policy off a table.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_DeleteTablePolicy.html)
struct DeleteTablePolicy: AWSOperation {
    let store: S3Store

    func permissions(for input: TableInput, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input)]
    }

    func perform(_ input: TableInput, in call: Call) async throws -> NoOutput {
        try await store.database.write { try $0.setPolicy(of: try $0.existing(input), to: nil) }
        return NoOutput()
    }
}
