import ServiceKit

/// A version on its way from one bucket to another, as the rule's role brings it.
struct Replication: Sendable {
    let task: ReplicationTask
    let rule: ReplicationConfiguration.Rule
    let object: StoredObject
    let source: Bucket
    let destination: Bucket
    /// The role's session.
    let call: Call

    /// - Throws: `ReplicationFailure` where the other bucket cannot have it.
    func checkDestination() throws {
        if let account = rule.destination.account, account != destination.account {
            throw ReplicationFailure.destinationNotFound
        }
        guard destination.versioning == .enabled else { throw ReplicationFailure.destinationUnversioned }
        if object.lock != ObjectLock(), destination.configurations[.objectLock] == nil {
            throw ReplicationFailure.destinationUnlocked
        }
        // By a change of the rules since the version was noted.
        guard rule.accepts(object.encryption) else { throw ReplicationFailure.sourceNotEligible }
    }

    /// - Parameter replica: as the other bucket has it; `nil` for a new one.
    func draft(
        over replica: StoredObject?, keepingTags: Bool, segments: [Segment] = [], encryption: Encryption? = nil
    ) throws -> ReplicaDraft {
        ReplicaDraft(
            storageClass: object.isDeleteMarker ? "" : rule.destination.storageClass ?? object.storageClass,
            tags: keepingTags ? object.tags : replica?.tags ?? .empty, segments: segments,
            encryption: encryption, lock: try lock(over: replica), list: list)
    }

    /// What keeps the source from deletion keeps the replica; the bucket's own period counts where nothing does.
    private func lock(over replica: StoredObject?) throws -> ObjectLock {
        var lock = object.lock
        if object.isDeleteMarker { return lock }
        let fallback = replica == nil ? try destination.objectLock?.retention(of: call.now) : replica?.lock.retention
        lock.retention = lock.retention ?? fallback
        lock.isHeld = lock.isHeld ?? replica?.lock.isHeld
        return lock
    }

    /// `nil` for the other bucket's owner alone.
    private var list: AccessControlList? {
        if rule.destination.ownsReplicas || object.isDeleteMarker || !destination.hasLists { return nil }
        let list = source.list(of: object)
        return list == .ownersAlone(destination.owner) ? nil : list
    }
}
