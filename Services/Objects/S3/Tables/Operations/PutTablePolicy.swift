import ServiceKit

/// Attaches a policy to a table.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_PutTablePolicy.html)
struct PutTablePolicy: AWSOperation {
    struct Input: InputShape {
        let table: TableInput
        let policy: String

        init(_ member: Members) throws {
            table = try TableInput(member)
            policy = try member("resourcePolicy")
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.table)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let table = try await store.read { try $0.existing(input.table) }
        // Some of AWS's examples name all tables of the bucket.
        let names = [table.arn.description, "\(table.bucket.arn)/table/*", "*"]
        try TablePolicy.check(input.policy, covers: names.contains)
        try await store.database.write { try $0.setPolicy(of: try $0.existing(input.table), to: input.policy) }
        return NoOutput()
    }
}
