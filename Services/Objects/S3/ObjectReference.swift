import ServiceKit

/// Which object, or version of it, a request means.
struct ObjectReference: Sendable {
    let bucket: BucketReference
    let key: String
    let version: String?

    /// - Parameters: whether the operation has the members that name a version and who pays.
    init(_ member: Members, versioned: Bool = true, asksPayer: Bool = true) throws {
        bucket = try BucketReference(member, asksPayer: asksPayer)
        key = try member("Key")
        version = versioned ? try member("VersionId") : nil
        try ObjectKey.check(key)
    }

    init(bucket: BucketReference, key: String, version: String?) {
        self.bucket = bucket
        self.key = key
        self.version = version
    }
}

extension S3Store {
    func permission(
        _ action: String, on reference: ObjectReference, in call: Call, context: [String: [String]] = [:]
    ) async throws -> Permission {
        let all = context.merging(reference.conditions) { given, _ in given }
        return try await permission(action, on: reference.bucket, key: reference.key, in: call, context: all)
    }

    /// `s3:GetObject`, or `s3:GetObjectVersion` where a version is named.
    func versionedPermission(_ action: String, on reference: ObjectReference, in call: Call) async throws -> Permission
    {
        try await listedPermission(reference.versioned(action), on: reference, in: call)
    }
}

extension ObjectReference {
    /// Condition keys of any request that names a version.
    var conditions: [String: [String]] { version.map { ["s3:VersionId": [$0]] } ?? [:] }

    /// `s3:GetObject`, or `s3:GetObjectVersion` where a version is named.
    func versioned(_ action: String) -> String {
        guard version != nil, let range = action.firstRange(of: "Object") else { return action }
        return action[..<range.upperBound] + "Version" + action[range.upperBound...]
    }
}

extension S3Store {
    /// Whether a key exists is for those to know who may list the bucket; to others what is missing is denied.
    ///
    /// [GetObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html), under "Permissions"
    func concealing<T>(
        _ reference: ObjectReference, in call: Call, _ body: () async throws -> T
    ) async throws -> T {
        do {
            return try await body()
        } catch let error as ServiceError where error.status == 404 && error.code != "NoSuchBucket" {
            let action = reference.version == nil ? "s3:ListBucket" : "s3:ListBucketVersions"
            let listing = try await permission(action, on: reference.bucket, in: call)
            if try await call.allows(listing) { throw error }
            throw ServiceError.accessDenied
        }
    }
}

extension Snapshot {
    /// - Throws: `NoSuchKey`, `NoSuchVersion`, and what a delete marker answers.
    func existingObject(_ reference: ObjectReference, in bucket: Bucket) throws -> StoredObject {
        guard let object = try object(reference.key, version: reference.version, in: bucket) else {
            throw reference.isMissing
        }
        return try withRestoration(try reference.checked(object))
    }

    /// As `existingObject`, with where the bytes are.
    func existingContent(
        _ reference: ObjectReference, in bucket: Bucket
    ) throws -> (object: StoredObject, content: ObjectContent) {
        let found = try objectWithContent(reference.key, version: reference.version, in: bucket)
        guard let (object, content) = found else { throw reference.isMissing }
        return (try withRestoration(try reference.checked(object)), content)
    }
}

extension ObjectReference {
    var isMissing: ServiceError { version.map { .noSuchVersion(key, $0) } ?? .noSuchKey(key) }

    fileprivate func checked(_ object: StoredObject) throws -> StoredObject {
        if object.isDeleteMarker { throw ServiceError.deleteMarker(object, named: version != nil) }
        return object
    }
}
