import ServiceKit

/// Refuses to rename: objects of directory buckets alone can be, and this stack has none.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_RenameObject.html)
struct RenameObject: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference

        init(_ member: Members) throws {
            object = ObjectReference(
                bucket: BucketReference(name: try member("Bucket")), key: try member("Key"), version: nil)
            _ = try member("RenameSource") as String
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:PutObject", on: input.object, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput { throw ServiceError.methodNotAllowed }
}
