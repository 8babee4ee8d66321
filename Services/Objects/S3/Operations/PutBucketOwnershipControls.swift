import ServiceKit

/// Says who owns the objects that others upload.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html)
struct PutBucketOwnershipControls: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let configuration: JSONValue
        let ownership: ObjectOwnership

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            configuration = try member("OwnershipControls")
            ownership = try ObjectOwnership(configuration)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketOwnershipControls", on: input.bucket, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let document = Array(input.configuration.rawBytes)
        try await store.write(in: input.bucket) { transaction, bucket in
            // A list that gives something to others would silently stop to count.
            if input.ownership == .bucketOwnerEnforced, bucket.list != .ownersAlone(bucket.owner) {
                throw ServiceError.listsAreOff
            }
            try transaction.setConfiguration(.ownership, of: bucket.id, to: document)
        }
        return NoOutput()
    }
}
