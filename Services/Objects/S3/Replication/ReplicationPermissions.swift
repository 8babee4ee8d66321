import ServiceKit

/// What a role must be allowed to bring a version to another bucket.
///
/// [Permissions](https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html)
struct ReplicationPermissions: Sendable {
    let store: S3Store
    let replication: Replication

    /// - Throws: `ReplicationFailure` for the first that is missing.
    func check() async throws {
        try await checkSource()
        let isMarker = replication.object.isDeleteMarker
        guard try await allowed(there: isMarker ? "s3:ReplicateDelete" : "s3:ReplicateObject") else {
            throw isMarker ? ReplicationFailure.markerNotAccepted : .objectNotAccepted
        }
        if replication.rule.destination.ownsReplicas, !isMarker,
            try await !allowed(there: "s3:ObjectOwnerOverrideToBucketOwner")
        {
            throw ReplicationFailure.objectNotAccepted
        }
    }

    /// Whether tags go with the version: they stay behind where the role may not read them, or is denied to bring them.
    func tagsMayGo() async throws -> Bool {
        guard try await allowed(here: "s3:GetObjectVersionTagging") else { return false }
        // Who may replicate objects may replicate their tags, unless somebody says otherwise.
        if try await allowed(there: "s3:ReplicateTags") { return true }
        let destination = replication.destination
        var request = AccessRequest(
            AccessPrincipal(replication.call.caller), "s3:ReplicateTags",
            on: destination.arn(of: replication.object.key).description, resourceAccount: destination.account,
            at: replication.call.now)
        request.region = destination.region
        return ApplicablePolicies(resource: destination.policy).decide(request).outcome != .explicitlyDenied
    }

    private func checkSource() async throws {
        for action in ["s3:GetReplicationConfiguration", "s3:ListBucket"] {
            let reference = BucketReference(name: replication.source.name)
            let permission = try await store.permission(action, on: reference, in: replication.call)
            guard try await replication.call.allows(permission) else { throw ReplicationFailure.sourceNotReadable }
        }
        if replication.object.isDeleteMarker { return }
        guard try await mayRead(), isOwners else { throw ReplicationFailure.sourceNotReadable }
        guard try await allowed(here: "s3:GetObjectVersionAcl") else {
            throw ReplicationFailure.sourceListNotReadable
        }
        let lock = replication.object.lock
        for (action, isNeeded) in [
            ("s3:GetObjectRetention", lock.retention != nil), ("s3:GetObjectLegalHold", lock.isHeld != nil),
        ] where isNeeded {
            guard try await allowed(here: action) else { throw ReplicationFailure.sourceNotReadable }
        }
    }

    private func mayRead() async throws -> Bool {
        if try await allowed(here: "s3:GetObjectVersionForReplication") { return true }
        // The older permission does for what KMS has no part in.
        if case .managed = replication.object.encryption?.method { return false }
        return try await allowed(here: "s3:GetObjectVersion")
    }

    /// Objects of other accounts are replicated as far as their lists let the bucket's owner read them.
    private var isOwners: Bool {
        let (source, object) = (replication.source, replication.object)
        if source.account(responsibleFor: object) == source.account { return true }
        let list = source.list(of: object)
        return list.principal(with: .read, for: replication.call.caller, ignoringPublic: true) != nil
    }

    private func allowed(here action: String) async throws -> Bool { try await allowed(action, in: replication.source) }
    private func allowed(there action: String) async throws -> Bool {
        try await allowed(action, in: replication.destination)
    }

    private func allowed(_ action: String, in bucket: Bucket) async throws -> Bool {
        let permission = try await store.permission(
            action, on: BucketReference(name: bucket.name), key: replication.object.key, in: replication.call)
        return try await replication.call.allows(permission)
    }
}
