import ServiceKit

/// Answers an object's access control list.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html)
struct GetObjectAcl: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        init(_ member: Members) throws { object = try ObjectReference(member) }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.versionedPermission("s3:GetObjectAcl", on: input.object, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Charged<AccessControlAnswer> {
        let bucket = try await store.bucket(input.object.bucket)
        let object = try await store.read { try $0.existingObject(input.object, in: bucket) }
        try await store.recheck("s3:GetObjectAcl", with: object, at: input.object, in: call)
        return Charged(
            answer: AccessControlAnswer(list: bucket.list(of: object), bucketOwner: bucket.owner),
            charge: bucket.charge(to: call.caller))
    }
}
