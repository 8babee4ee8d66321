import ServiceKit

/// Says which of a bucket's objects other buckets are to have too.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html)
struct PutBucketReplication: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue
        let role: String

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            configuration = try member("ReplicationConfiguration")
            role = try Members(configuration)("Role")
        }
    }

    private static let passed = ["iam:PassedToService": ["s3.amazonaws.com"]]

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [
            try await store.permission("s3:PutReplicationConfiguration", on: input.bucket, in: call),
            Permission("iam:PassRole", on: input.role, owner: ARN(input.role)?.account, context: Self.passed),
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try ReplicationConfiguration.checkRole(input.role)
        let source = try await store.bucket(input.bucket)
        guard source.versioning == .enabled else { throw ServiceError.replicationNeedsVersions(source.name) }
        try ReplicationConfiguration.check(input.configuration, of: source)
        let document = try Rules.identified(input.configuration)
        guard let configuration = try ReplicationConfiguration(document) else { throw ServiceError.malformedXML }
        for name in Set(configuration.rules.map(\.destination.bucket)) { try await check(name) }
        try await store.write(in: input.bucket) { transaction, bucket in
            guard bucket.versioning == .enabled else { throw ServiceError.replicationNeedsVersions(bucket.name) }
            try transaction.setConfiguration(.replication, of: bucket.id, to: Array(document.rawBytes))
            try transaction.startBackfills(of: configuration, in: bucket)
        }
        return NoOutput()
    }

    private func check(_ destination: String) async throws {
        do {
            let bucket = try await store.bucket(BucketReference(name: destination))
            guard bucket.versioning == .enabled else {
                throw ServiceError.invalidRequest("Destination bucket must have versioning enabled.")
            }
        } catch let error as ServiceError where error.code == "NoSuchBucket" {
            throw ServiceError.invalidRequest("Destination bucket must exist.")
        }
    }
}
