import ServiceKit

/// Removes up to a thousand objects.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)
struct DeleteObjects: AWSOperation {
    struct Target: InputShape {
        let key: String
        let version: String?
        let etag: String?

        init(_ member: Members) throws {
            key = try member("Key")
            version = try member("VersionId")
            etag = try member("ETag")
        }
    }

    struct Input: InputShape {
        let bucket: BucketReference
        let targets: [Target]
        let isQuiet: Bool
        let bypassesGovernance: Bool
        let claim: MFAClaim?

        init(_ member: Members) throws {
            bucket = try BucketReference(member, asksPayer: true)
            let delete = try Members(try member("Delete"))
            targets = try delete("Objects")
            isQuiet = try delete("Quiet") ?? false
            bypassesGovernance = try member("BypassGovernanceRetention") ?? false
            claim = try MFAClaim(member)
            if targets.isEmpty || targets.count > Limits.deleteBatch { throw ServiceError.malformedXML }
        }
    }

    struct Answer: OutputShape {
        struct Deleted: OutputShape {
            let target: Target
            let removal: ObjectRemoval

            func write(to json: inout JSONWriter) {
                json.member("Key", target.key)
                json.member("VersionId", target.version)
                if removal.isDeleteMarker {
                    json.member("DeleteMarker", true)
                    json.member("DeleteMarkerVersionId", removal.version)
                }
            }
        }

        struct Failed: OutputShape {
            let target: Target
            let error: ServiceError

            func write(to json: inout JSONWriter) {
                json.member("Key", target.key)
                json.member("VersionId", target.version)
                json.member("Code", error.code)
                json.member("Message", error.message)
            }
        }

        let deleted: [Deleted]
        let failed: [Failed]

        func write(to json: inout JSONWriter) {
            if !deleted.isEmpty { json.member("Deleted", deleted) }
            if !failed.isEmpty { json.member("Errors", failed) }
        }
    }

    typealias Output = Charged<Answer>

    let store: S3Store
    let factor: RootFactor

    /// None for the request as a whole: each key is allowed or refused by itself, and the answer says which.
    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let files = store.files
        let refused = try await refused(input, call)
        // One code for all: none is asked for twice within a request.
        let isFactorShown = try await factor.take(input.claim, for: try await store.bucket(input.bucket), in: call)
        let output = try await store.write(in: input.bucket) { transaction, bucket in
            // The request as a whole, what it names without a version too.
            if input.targets.contains(where: { $0.version != nil }) {
                try bucket.requireSecondFactor(isShown: isFactorShown)
            }
            var (deleted, failed): ([Answer.Deleted], [Answer.Failed]) = ([], [])
            for (index, target) in input.targets.enumerated() {
                do {
                    if refused.contains(index) { throw ServiceError.accessDenied }
                    let removal = try remove(target, transaction, bucket, call, input, isFactorShown)
                    transaction.afterCommit { files.remove(removal.unneeded) }
                    deleted.append(Answer.Deleted(target: target, removal: removal))
                } catch let error as ServiceError {
                    failed.append(Answer.Failed(target: target, error: error))
                }
            }
            return Answer(deleted: input.isQuiet ? [] : deleted, failed: failed)
        }
        return try await store.charged(output, for: input.bucket, in: call)
    }

    /// The positions of the targets that the caller may not delete.
    private func refused(_ input: Input, _ call: Call) async throws -> Set<Int> {
        var refused: Set<Int> = []
        for (index, target) in input.targets.enumerated() {
            let object = ObjectReference(bucket: input.bucket, key: target.key, version: target.version)
            let actions = [object.versioned("s3:DeleteObject")]
            for action in actions + (input.bypassesGovernance ? ["s3:BypassGovernanceRetention"] : []) {
                var permission = try await store.permission(action, on: object, in: call)
                if let etag = target.etag { permission.context["s3:if-match"] = [etag] }
                if try await !call.allows(permission) { refused.insert(index) }
            }
        }
        return refused
    }

    private func remove(
        _ target: Target, _ transaction: Transaction, _ bucket: Bucket, _ call: Call, _ input: Input,
        _ isFactorShown: Bool
    ) throws -> ObjectRemoval {
        try ObjectKey.check(target.key)
        if let etag = target.etag {
            let reference = ObjectReference(
                bucket: BucketReference(name: bucket.name), key: target.key, version: target.version)
            let current = try transaction.existingObject(reference, in: bucket)
            guard EntityTag.list(etag, contains: current.etag) else {
                throw ServiceError.preconditionFailed("If-Match")
            }
        }
        return try transaction.remove(
            target.key, version: target.version, in: bucket, call: call,
            bypassingGovernance: input.bypassesGovernance, isFactorShown: isFactorShown)
    }
}
