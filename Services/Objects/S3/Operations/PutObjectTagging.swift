import ServiceKit

/// Replaces an object's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html)
struct PutObjectTagging: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        let tags: Tags

        init(_ member: Members) throws {
            object = try ObjectReference(member)
            let tagging = try Members(try member("Tagging"))
            tags = try Tags(try tagging("TagSet"))
        }
    }

    struct Output: OutputShape {
        let version: String?
        func write(to json: inout JSONWriter) { json.member("VersionId", version) }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        var permission = try await store.versionedPermission("s3:PutObjectTagging", on: input.object, in: call)
        permission.context.merge(input.tags.requestConditions) { first, _ in first }
        return [permission]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        Output(version: try await store.setTags(of: input.object, to: input.tags, event: "Put", call: call))
    }
}

extension S3Store {
    /// Returns the version that was tagged, where the bucket has versions.
    func setTags(of reference: ObjectReference, to tags: Tags, event: String, call: Call) async throws -> String? {
        try await write(in: reference.bucket) { transaction, bucket in
            let object = try transaction.existingObject(reference, in: bucket)
            try transaction.setTags(of: object, to: tags)
            try transaction.noteChange(of: object, tags: tags, in: bucket, at: call.now)
            try transaction.journal(.update, object.key, object.version, in: bucket, call)
            let version = bucket.versioning == .unversioned ? nil : object.version
            let change = ObjectEvent(
                name: "ObjectTagging:\(event)", key: object.key, size: object.size, etag: object.etag, version: version)
            try transaction.notify(change, of: bucket, in: call)
            return version
        }
    }
}
