import ServiceKit

/// Says who may use a bucket besides those whom policies let in.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html)
struct PutBucketAcl: AWSOperation {
    struct Input: InputShape {
        let bucket: BucketReference
        let access: RequestedAccess

        init(_ member: Members) throws {
            bucket = try BucketReference(member)
            access = try RequestedAccess(member)
            if !access.isGiven { throw ServiceError.missingSecurityHeader }
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutBucketAcl", on: input.bucket, in: call, context: input.access.conditions)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write(in: input.bucket) { transaction, bucket in
            guard bucket.hasLists else { throw ServiceError.accessControlListNotSupported }
            let list = try input.access.list(owner: bucket.owner, bucketOwner: bucket.owner)
            try bucket.check(list)
            try transaction.setConfiguration(.acl, of: bucket.id, to: list.encoded)
        }
        return NoOutput()
    }
}
