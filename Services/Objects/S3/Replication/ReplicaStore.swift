import ServiceKit

/// What a replica has otherwise than its source.
struct ReplicaDraft: Sendable {
    let storageClass: String
    let tags: Tags
    /// Empty for bytes in the row, which are copied with it.
    let segments: [Segment]
    let encryption: Encryption?
    let lock: ObjectLock
    let list: AccessControlList?
}

extension Transaction {
    /// Stores a version as it is in another bucket, below the versions that are newer than it.
    func insertReplica(of source: StoredObject, _ draft: ReplicaDraft, in bucket: Bucket) throws {
        try execute(
            """
            INSERT INTO object (bucket, key, version, is_delete_marker, modified, size, etag, storage_class, checksum,
                headers, tags, segments, bytes, encryption, lock, acl, replication)
            SELECT ?2, key, version, is_delete_marker, modified, size, etag, ?3, checksum,
                headers, ?4, ?5, bytes, ?6, ?7, ?8, ?9 FROM object WHERE id = ?1
            """, source.id, bucket.id, draft.storageClass, draft.tags.encoded,
            draft.segments.isEmpty ? nil : draft.segments.encoded, draft.encryption?.encoded, draft.lock.encoded,
            draft.list?.encoded, ReplicationStatus.replica)
        try raiseNewer(than: source, in: bucket)
    }

    /// Gives versions that were stored before the replica came, and after its source was, their place above it.
    private func raiseNewer(than source: StoredObject, in bucket: Bucket) throws {
        let newer: [Int64] = try rows(
            "SELECT id FROM object WHERE bucket = ? AND key = ? AND modified > ? ORDER BY id", bucket.id, source.key,
            source.modified
        ) { try $0[0] }
        for id in newer {
            let raised: Int64? = try value("SELECT max(id) + 1 FROM object")
            try execute("UPDATE object SET id = ? WHERE id = ?", raised, id)
            try execute("UPDATE restoration SET object = ? WHERE object = ?", raised, id)
        }
    }

    /// Brings what can change of a version to what it is at its source.
    func updateReplica(_ replica: StoredObject, _ draft: ReplicaDraft) throws {
        try setTags(of: replica, to: draft.tags)
        try setLock(of: replica, to: draft.lock)
        if let list = draft.list { try setList(of: replica, to: list) }
    }
}
