import ServiceKit

/// Answers an object's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html)
struct GetObjectTagging: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        init(_ member: Members) throws { object = try ObjectReference(member) }
    }

    struct Output: OutputShape {
        let tags: Tags
        let version: String?

        func write(to json: inout JSONWriter) {
            json.member("VersionId", version)
            json.member("TagSet", tags.all)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.versionedPermission("s3:GetObjectTagging", on: input.object, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let bucket = try await store.bucket(input.object.bucket)
        let object = try await store.read { try $0.existingObject(input.object, in: bucket) }
        return Output(tags: object.tags, version: bucket.versioning == .unversioned ? nil : object.version)
    }
}
