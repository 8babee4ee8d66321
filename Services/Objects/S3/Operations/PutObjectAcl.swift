import ServiceKit

/// Says who may use an object besides those whom policies let in.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html)
struct PutObjectAcl: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        let access: RequestedAccess

        init(_ member: Members) throws {
            object = try ObjectReference(member)
            access = try RequestedAccess(member)
            if !access.isGiven { throw ServiceError.missingSecurityHeader }
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        var permission = try await store.versionedPermission("s3:PutObjectAcl", on: input.object, in: call)
        permission.context.merge(input.access.conditions) { first, _ in first }
        return [permission]
    }

    func perform(_ input: Input, in call: Call) async throws -> Charged<NoOutput> {
        let bucket = try await store.bucket(input.object.bucket)
        guard bucket.hasLists else { throw ServiceError.accessControlListNotSupported }
        let seen = try await store.read { try $0.existingObject(input.object, in: bucket) }
        try await store.recheck("s3:PutObjectAcl", with: seen, at: input.object, in: call)
        try await store.write(in: input.object.bucket) { transaction, bucket in
            guard bucket.hasLists else { throw ServiceError.accessControlListNotSupported }
            let object = try transaction.existingObject(input.object, in: bucket)
            let owner = bucket.list(of: object).owner
            // Whom the list let in it let in to the object as it was seen.
            guard object.list == seen.list || owner.account == call.caller.account else {
                throw ServiceError.conflictingOperation
            }
            let list = try input.access.list(owner: owner, bucketOwner: bucket.owner)
            try bucket.check(list)
            try transaction.setList(of: object, to: list)
            try transaction.noteChange(of: object, in: bucket, at: call.now)
            let change = ObjectEvent(
                name: "ObjectAcl:Put", key: object.key, size: object.size, etag: object.etag,
                version: bucket.versioning == .unversioned ? nil : object.version)
            try transaction.notify(change, of: bucket, in: call)
        }
        return try await store.charged(NoOutput(), for: input.object.bucket, in: call)
    }
}
