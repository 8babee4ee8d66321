import ServiceKit

/// What became of a key that was deleted.
struct ObjectRemoval: Sendable {
    /// A marker was put on top, or removed.
    let isDeleteMarker: Bool
    /// The version that was removed, or the marker's.
    let version: String?
    let unneeded: [String]
}

extension Transaction {
    /// The family of the events of what somebody asked for.
    static var userCause: String { "ObjectRemoved" }

    /// Deletes a version, or the key as far as the bucket's versioning lets it. A key that is not there is no error.
    ///
    /// - Parameters:
    ///   - bypassingGovernance: the caller may end a retention in governance mode, and wants to.
    ///   - isFactorShown: a code of root's device came with the request, and was taken.
    ///   - cause: the family of the event that tells of it.
    /// - Throws: `AccessDenied` for a version that Object Lock or MFA Delete keeps.
    func remove(
        _ key: String, version: String?, in bucket: Bucket, call: Call, bypassingGovernance: Bool = false,
        isFactorShown: Bool = false, cause: String = userCause
    ) throws -> ObjectRemoval {
        if version != nil { try bucket.requireSecondFactor(isShown: isFactorShown) }
        if let version { return try remove(key, version, in: bucket, call, bypassingGovernance, cause) }
        guard bucket.versioning == .unversioned else { return try hide(key, in: bucket, call, cause) }
        guard let object = try object(key, in: bucket) else {
            return ObjectRemoval(isDeleteMarker: false, version: nil, unneeded: [])
        }
        try delete(object)
        try journal(.delete, key, object.version, in: bucket, call)
        try notify(event(cause, "Delete", key, version: nil), of: bucket, in: call)
        return ObjectRemoval(isDeleteMarker: false, version: nil, unneeded: object.segments.map(\.file))
    }

    private func remove(
        _ key: String, _ version: String, in bucket: Bucket, _ call: Call, _ bypassingGovernance: Bool,
        _ cause: String
    ) throws -> ObjectRemoval {
        guard let object = try object(key, version: version, in: bucket) else {
            return ObjectRemoval(isDeleteMarker: false, version: version, unneeded: [])
        }
        try object.lock.checkDeletion(at: call.now, bypassingGovernance: bypassingGovernance)
        try delete(object)
        try journal(.delete, key, version, in: bucket, call)
        try notify(event(cause, "Delete", key, version: version), of: bucket, in: call)
        return ObjectRemoval(
            isDeleteMarker: object.isDeleteMarker, version: version, unneeded: object.segments.map(\.file))
    }

    private func hide(_ key: String, in bucket: Bucket, _ call: Call, _ cause: String) throws -> ObjectRemoval {
        let (version, unneeded) = try putDeleteMarker(key, in: bucket, at: call.now)
        try journal(.delete, key, version, in: bucket, call)
        // What lifecycle rules do is each bucket's own affair.
        if cause == Self.userCause { try noteReplication(ofMarkerOn: key, version, in: bucket, at: call.now) }
        try notify(event(cause, "DeleteMarkerCreated", key, version: version), of: bucket, in: call)
        return ObjectRemoval(isDeleteMarker: true, version: version, unneeded: unneeded)
    }

    private func event(_ cause: String, _ how: String, _ key: String, version: String?) -> ObjectEvent {
        ObjectEvent(
            name: "\(cause):\(how)", key: key, size: nil, etag: nil,
            version: version == VersionID.null ? nil : version)
    }
}
