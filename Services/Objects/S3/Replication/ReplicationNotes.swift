import ServiceKit

/// Noting, in the transaction of a change, which buckets are to have it too.
extension Transaction {
    /// Notes a version that was just stored.
    func noteReplication(of draft: ObjectDraft, _ version: String, in bucket: Bucket, at now: Timestamp) throws {
        guard let configuration = bucket.replication, bucket.versioning == .enabled,
            !StorageClass.isArchive(draft.storageClass)
        else { return }
        let rules = configuration.rules(for: draft.key, draft.tags).filter { $0.accepts(draft.encryption) }
        try note(draft.key, version, rules, creates: true, in: bucket, at: now)
        if !rules.isEmpty { try setReplication(of: draft.key, version, in: bucket, to: .pending) }
    }

    /// Notes a delete marker that somebody put on a key, as far as rules ask for markers.
    func noteReplication(ofMarkerOn key: String, _ version: String, in bucket: Bucket, at now: Timestamp) throws {
        guard let configuration = bucket.replication, bucket.versioning == .enabled else { return }
        let rules = configuration.rules(forMarkerOn: key).filter { rule in
            // In its first form a configuration replicates them within an account.
            !configuration.isFirstForm || (rule.destination.account ?? bucket.account) == bucket.account
        }
        try note(key, version, rules, creates: true, in: bucket, at: now)
        if !rules.isEmpty { try setReplication(of: key, version, in: bucket, to: .pending) }
    }

    /// Notes that tags, list or lock of a version have changed, if it was for others before.
    ///
    /// - Parameters:
    ///   - object: as it was before.
    ///   - tags: as they are now.
    func noteChange(of object: StoredObject, tags: Tags? = nil, in bucket: Bucket, at now: Timestamp) throws {
        guard let configuration = bucket.replication, bucket.versioning == .enabled, let status = object.replication
        else { return }
        var rules = configuration.rules(for: object.key, tags ?? object.tags)
        for rule in configuration.rules(for: object.key, object.tags)
        where !rules.contains(where: { $0.destination.bucket == rule.destination.bucket }) {
            rules.append(rule)
        }
        rules = rules.filter {
            $0.accepts(object.encryption) && (!status.isReplica || $0.replicatesReplicaChanges)
        }
        guard !rules.isEmpty else { return }
        try note(object.key, object.version, rules, creates: false, in: bucket, at: now)
        try setReplication(of: object.key, object.version, in: bucket, to: status.changed)
    }

    /// Notes a version that a job is to bring, whatever became of it before.
    ///
    /// - Throws: `SrcObjectNotEligible` where no rule is about it.
    func noteReplication(again object: StoredObject, in bucket: Bucket, at now: Timestamp) throws {
        let rules = bucket.rules(toReplicateAgain: object)
        guard !rules.isEmpty else {
            throw ServiceError(
                ReplicationFailure.sourceNotEligible.rawValue, "No rule of the bucket replicates this object.")
        }
        try note(object.key, object.version, rules, creates: true, in: bucket, at: now)
        try setReplication(of: object.key, object.version, in: bucket, to: .again(object.replication))
    }

    private func note(
        _ key: String, _ version: String, _ rules: [ReplicationConfiguration.Rule], creates: Bool, in bucket: Bucket,
        at now: Timestamp
    ) throws {
        for rule in rules {
            try insertTask(key, version, rule, creates: creates, in: bucket, at: now)
        }
        if !rules.isEmpty { announce(ReplicationTask.topic) }
    }
}

extension Bucket {
    func mayReplicate(_ object: StoredObject) -> Bool { !rules(toReplicateAgain: object).isEmpty }

    /// The rules by which a job may bring a version to other buckets.
    fileprivate func rules(toReplicateAgain object: StoredObject) -> [ReplicationConfiguration.Rule] {
        guard let replication, versioning == .enabled, object.version != VersionID.null,
            !StorageClass.isArchive(object.storageClass)
        else { return [] }
        if object.isDeleteMarker { return replication.rules(forMarkerOn: object.key) }
        return replication.rules(for: object.key, object.tags).filter { $0.accepts(object.encryption) }
    }
}
