import ServiceKit

/// Removes an object, or puts a delete marker on it.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html)
struct DeleteObject: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        let ifMatch: String?
        let bypassesGovernance: Bool
        let claim: MFAClaim?

        init(_ member: Members) throws {
            object = try ObjectReference(member)
            ifMatch = try member("IfMatch")
            bypassesGovernance = try member("BypassGovernanceRetention") ?? false
            claim = try MFAClaim(member)
        }
    }

    struct Answer: OutputShape {
        let removal: ObjectRemoval

        func write(to json: inout JSONWriter) {
            if removal.isDeleteMarker { json.member("DeleteMarker", true) }
            json.member("VersionId", removal.version)
        }
    }

    typealias Output = Charged<Answer>

    let store: S3Store
    let factor: RootFactor

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        var needed = [try await store.versionedPermission("s3:DeleteObject", on: input.object, in: call)]
        if let ifMatch = input.ifMatch { needed[0].context["s3:if-match"] = [ifMatch] }
        if input.bypassesGovernance {
            needed.append(try await store.permission("s3:BypassGovernanceRetention", on: input.object, in: call))
        }
        return needed
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let files = store.files
        let isFactorShown = try await factor.take(
            input.claim, for: try await store.bucket(input.object.bucket), in: call)
        let removal = try await store.write(in: input.object.bucket) { transaction, bucket in
            if let ifMatch = input.ifMatch {
                let current = try transaction.existingObject(input.object, in: bucket)
                guard EntityTag.list(ifMatch, contains: current.etag) else {
                    throw ServiceError.preconditionFailed("If-Match")
                }
            }
            let removal = try transaction.remove(
                input.object.key, version: input.object.version, in: bucket, call: call,
                bypassingGovernance: input.bypassesGovernance, isFactorShown: isFactorShown)
            transaction.afterCommit { files.remove(removal.unneeded) }
            return removal
        }
        return try await store.charged(Answer(removal: removal), for: input.object.bucket, in: call)
    }
}
