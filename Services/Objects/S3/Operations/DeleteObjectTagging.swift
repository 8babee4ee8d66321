import ServiceKit

/// Removes an object's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html)
struct DeleteObjectTagging: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        init(_ member: Members) throws { object = try ObjectReference(member, asksPayer: false) }
    }

    struct Output: OutputShape {
        let version: String?
        func write(to json: inout JSONWriter) { json.member("VersionId", version) }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.versionedPermission("s3:DeleteObjectTagging", on: input.object, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        Output(version: try await store.setTags(of: input.object, to: .empty, event: "Delete", call: call))
    }
}
