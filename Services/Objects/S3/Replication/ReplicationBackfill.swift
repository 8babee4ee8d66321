import ServiceKit

/// A rule that replicates what was in the bucket before it, and how far it has come.
struct ReplicationBackfill: Sendable {
    /// Versions a step looks at.
    static let batch = 500

    let bucket: String
    let rule: String
    let position: VersionPosition
}

extension Snapshot {
    func nextBackfill() throws -> ReplicationBackfill? {
        try first(
            """
            SELECT name, rule, key, position FROM replication_backfill JOIN bucket ON id = bucket
            ORDER BY bucket, rule LIMIT 1
            """
        ) { row in
            ReplicationBackfill(
                bucket: try row[0], rule: try row[1], position: VersionPosition(key: try row[2], id: try row[3]))
        }
    }
}

extension Transaction {
    /// Begins with the rules of a new configuration that ask for it, from the bucket's beginning.
    func startBackfills(of configuration: ReplicationConfiguration, in bucket: Bucket) throws {
        try execute("DELETE FROM replication_backfill WHERE bucket = ?", bucket.id)
        for rule in configuration.rules where rule.isEnabled && rule.replicatesExisting {
            try execute("INSERT INTO replication_backfill VALUES (?, ?, '', 0)", bucket.id, rule.id)
            announce(ReplicationTask.topic)
        }
    }

    /// Notes the next versions that nothing was noted for yet.
    func advance(_ backfill: ReplicationBackfill, in bucket: Bucket, at now: Timestamp) throws {
        let limit = ReplicationBackfill.batch
        let rule = bucket.replication?.rules.first { $0.id == backfill.rule && $0.isEnabled }
        let objects = rule == nil ? [] : try versions(in: bucket, after: backfill.position, limit: limit)
        for object in objects {
            guard let rule, object.replication == nil, !object.isDeleteMarker, object.version != VersionID.null,
                rule.fits(object.key, object.tags), rule.accepts(object.encryption),
                !StorageClass.isArchive(object.storageClass)
            else { continue }
            try insertTask(object.key, object.version, rule, creates: true, in: bucket, at: now)
            try setReplication(of: object.key, object.version, in: bucket, to: .pending)
        }
        guard objects.count == limit, let last = objects.last else {
            try execute(
                "DELETE FROM replication_backfill WHERE bucket = ? AND rule = ?", bucket.id, backfill.rule)
            return
        }
        try execute(
            "UPDATE replication_backfill SET key = ?, position = ? WHERE bucket = ? AND rule = ?", last.key, last.id,
            bucket.id, backfill.rule)
    }
}
