import ServiceKit

/// Which object, or version of it, a request means.
struct ObjectReference: Sendable {
    let bucket: BucketReference
    let key: String
    let version: String?

    init(_ member: Members, versioned: Bool = true) throws {
        bucket = try BucketReference(member)
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
    func permission(_ action: String, on reference: ObjectReference, in call: Call) async throws -> Permission {
        try await permission(action, on: reference.bucket, key: reference.key, in: call)
    }

    /// `s3:GetObject`, or `s3:GetObjectVersion` where a version is named.
    func versionedPermission(_ action: String, on reference: ObjectReference, in call: Call) async throws -> Permission
    {
        let suffix = "Object"
        guard reference.version != nil, let range = action.ranges(of: suffix).first else {
            return try await permission(action, on: reference, in: call)
        }
        let versioned = action[..<range.upperBound] + "Version" + action[range.upperBound...]
        return try await permission(String(versioned), on: reference, in: call)
    }
}

extension Snapshot {
    /// - Throws: `NoSuchKey`, `NoSuchVersion`, and what a delete marker answers.
    func existingObject(_ reference: ObjectReference, in bucket: Bucket) throws -> StoredObject {
        guard let object = try object(reference.key, version: reference.version, in: bucket) else {
            if let version = reference.version { throw ServiceError.noSuchVersion(reference.key, version) }
            throw ServiceError.noSuchKey(reference.key)
        }
        if object.isDeleteMarker { throw ServiceError.deleteMarker(object, named: reference.version != nil) }
        return object
    }
}
