import ServiceKit

/// Who owns the objects that others store, and whether lists count.
///
/// [Object Ownership](https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html)
enum ObjectOwnership: String, Sendable {
    /// The bucket's owner owns everything, and there are no lists.
    case bucketOwnerEnforced = "BucketOwnerEnforced"
    /// The writer, unless it gives the bucket's owner full control.
    case bucketOwnerPreferred = "BucketOwnerPreferred"
    /// Also where a bucket has no ownership controls.
    case objectWriter = "ObjectWriter"

    /// - Throws: `MalformedXML`
    init(_ configuration: JSONValue?) throws {
        guard let configuration else {
            self = .objectWriter
            return
        }
        let rules = configuration["Rules"].map { Array($0.elements) } ?? []
        guard rules.count == 1, let name = rules[0]["ObjectOwnership"]?.string, let known = Self(rawValue: name) else {
            throw ServiceError.malformedXML
        }
        self = known
    }
}

extension Bucket {
    var hasLists: Bool { ownership != .bucketOwnerEnforced }

    /// The list in force for the bucket itself.
    var list: AccessControlList { hasLists ? storedList ?? .ownersAlone(owner) : .ownersAlone(owner) }

    /// The list in force for an object.
    func list(of object: StoredObject) -> AccessControlList {
        hasLists ? object.list ?? .ownersAlone(owner) : .ownersAlone(owner)
    }

    /// The list of an object that is about to be stored; `nil` for the bucket owner's alone.
    ///
    /// - Throws: `AccessControlListNotSupported`, `AccessDenied` where public lists are blocked.
    func list(_ requested: RequestedAccess, forObjectOf caller: Caller) throws -> AccessControlList? {
        guard hasLists else {
            guard !requested.isGiven || requested.isBucketOwnerFullControl else {
                throw ServiceError.accessControlListNotSupported
            }
            return nil
        }
        let isOwners =
            caller.kind == .service || ownership == .bucketOwnerPreferred && requested.isBucketOwnerFullControl
        let writer = isOwners ? owner : CanonicalUser(caller.account)
        let list = try requested.list(owner: writer, bucketOwner: owner)
        try check(list)
        return list == .ownersAlone(owner) ? nil : list
    }

    /// - Throws: `AccessDenied` where public lists are blocked.
    func check(_ list: AccessControlList) throws {
        if publicAccess.blockPublicLists, list.isPublic { throw ServiceError.publicListBlocked }
    }

    /// What policy and list of the bucket say to an action of the caller.
    func policy(for caller: Caller, doing action: String) -> Policy? {
        let policy = policy(for: caller)
        guard hasLists, let right = AccessControlList.Right(bucketAction: action) else { return policy }
        return adding(list, right, to: policy, for: caller)
    }

    /// What the bucket's policy and the object's list say to an action of the caller.
    ///
    /// An object of another account is that account's: the bucket's policy may deny what is done with it, not allow it.
    func policy(for caller: Caller, doing action: String, with object: StoredObject) -> Policy? {
        let policy = policy(for: caller)
        guard hasLists, let right = AccessControlList.Right(objectAction: action) else { return policy }
        let isForeign = account(responsibleFor: object) != account
        return adding(list(of: object), right, to: isForeign ? policy?.denials : policy, for: caller)
    }

    /// The object's owner; what was stored without credentials is the bucket owner's to look after.
    func account(responsibleFor object: StoredObject) -> String {
        let owner = list(of: object).owner.account
        return owner.isEmpty ? account : owner
    }

    fileprivate func adding(
        _ list: AccessControlList, _ right: AccessControlList.Right, to policy: Policy?, for caller: Caller
    ) -> Policy? {
        let listed = list.principal(with: right, for: caller, ignoringPublic: publicAccess.ignorePublicLists)
        return listed.map { (policy ?? .empty).allowing($0) } ?? policy
    }
}

extension S3Store {
    /// An action on an object that its own list may allow too, and about whose tags the bucket's policy may ask.
    func listedPermission(_ action: String, on reference: ObjectReference, in call: Call) async throws -> Permission {
        let bucket = try await bucket(reference.bucket)
        // A table's files have no lists and no tags.
        if bucket.isWarehouse { return try await permission(action, on: reference, in: call) }
        try bucket.checkPayment(reference.bucket.payment, by: call.caller)
        let right = bucket.hasLists ? AccessControlList.Right(objectAction: action) : nil
        let asksForTags = try await asksForTags(reference.bucket, bucket, call)
        guard right != nil || asksForTags else {
            return try await permission(action, on: reference, in: call)
        }
        return try await permission(action, right, of: reference, in: bucket, call)
    }

    /// As the object itself has a say.
    private func permission(
        _ action: String, _ right: AccessControlList.Right?, of reference: ObjectReference, in bucket: Bucket,
        _ call: Call
    ) async throws -> Permission {
        let found = try await read { try $0.object(reference.key, version: reference.version, in: bucket) }
        if let found, !found.isDeleteMarker {
            return try await permission(action, with: found, at: reference, in: bucket, call)
        }
        var permission = try await permission(action, on: reference, in: call)
        // Whom the bucket's list lets read the names may know that there is none.
        if right == .read {
            permission.resourcePolicy = bucket.adding(
                bucket.list, .read, to: permission.resourcePolicy, for: call.caller)
        }
        return permission
    }

    /// The object may be another one since the caller was let in: what was read is held against its own list once more.
    ///
    /// - Throws: `AccessDenied`
    func recheck(
        _ action: String, with object: StoredObject, at reference: ObjectReference, in call: Call
    ) async throws {
        let bucket = try await bucket(reference.bucket)
        if bucket.isWarehouse { return }
        let asksForTags = try await asksForTags(reference.bucket, bucket, call)
        guard bucket.hasLists || asksForTags else { return }
        try await require(action, with: object, at: reference, in: bucket, call)
    }

    private func require(
        _ action: String, with object: StoredObject, at reference: ObjectReference, in bucket: Bucket, _ call: Call
    ) async throws {
        let permission = try await permission(
            reference.versioned(action), with: object, at: reference, in: bucket, call)
        guard try await call.allows(permission) else { throw ServiceError.accessDenied }
    }

    /// Whether any policy with a say in the call has conditions on the tags of objects: only then are they looked up.
    private func asksForTags(_ reference: BucketReference, _ bucket: Bucket, _ call: Call) async throws -> Bool {
        if bucket.asksForTags { return true }
        if let point = try await accessPoint(reference), point.asksForTags { return true }
        return try await call.identityAsks(about: Tags.existingTagPrefix)
    }

    private func permission(
        _ action: String, with object: StoredObject, at reference: ObjectReference, in bucket: Bucket, _ call: Call
    ) async throws -> Permission {
        let isListed = AccessControlList.Right(objectAction: action) != nil
        let tags = object.tags.existingConditions.merging(reference.conditions) { tag, _ in tag }
        let permission = Permission(
            action, on: bucket.arn(of: object.key).description,
            owner: isListed ? bucket.account(responsibleFor: object) : bucket.account,
            resourcePolicy: bucket.policy(for: call.caller, doing: action, with: object),
            context: try bucket.tagConditions.merging(tags) { _, tag in tag })
        return try await gated(permission, by: reference.bucket, key: object.key, in: call)
    }
}
