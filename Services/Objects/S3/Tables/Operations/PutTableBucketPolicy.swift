import ServiceKit

/// Attaches a policy to a table bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_PutTableBucketPolicy.html)
struct PutTableBucketPolicy: AWSOperation {
    struct Input: InputShape {
        let bucket: TableBucketReference
        let policy: String

        init(_ member: Members) throws {
            bucket = try TableBucketReference(try member("tableBucketARN"))
            policy = try member("resourcePolicy")
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.bucket)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let own = input.bucket.arn.description
        try TablePolicy.check(input.policy) { $0 == "*" || $0 == own || $0.hasPrefix("\(own)/") || $0 == "\(own)*" }
        try await store.database.write { try $0.setPolicy(of: try $0.existing(input.bucket), to: input.policy) }
        return NoOutput()
    }
}
