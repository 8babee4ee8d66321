import ServiceKit

extension Snapshot {
    /// The last write of an item; `nil` where no older one can be on its way any more.
    func replicaVersion(of key: [UInt8], in replication: Replication) throws -> ReplicaVersion? {
        try first("SELECT time, region FROM replica_version WHERE replica = ? AND key = ?", replication.id, key) {
            ReplicaVersion(time: try $0[0], region: try $0[1])
        }
    }

    /// Up to where a replica has the changes of another region.
    func replicaPosition(of region: String, in replication: Replication) throws -> Int64 {
        try value("SELECT sequence FROM replica_position WHERE replica = ? AND region = ?", replication.id, region) ?? 0
    }

    /// The number of the last change there was, of any replica.
    func lastReplicaChange() throws -> Int64 {
        try value("SELECT seq FROM sqlite_sequence WHERE name = 'replica_change'") ?? 0
    }

    /// The replicas with changes that some other one may not have.
    func replicasWithChanges() throws -> Set<Int64> {
        // From one replica to the next, over all the changes in between.
        let replicas = try rows(
            """
            WITH RECURSIVE pending (replica) AS (
                SELECT min(replica) FROM replica_change UNION ALL
                SELECT (SELECT min(replica) FROM replica_change WHERE replica > pending.replica) FROM pending
                WHERE pending.replica IS NOT NULL
            ) SELECT replica FROM pending WHERE replica IS NOT NULL
            """
        ) { row -> Int64 in try row[0] }
        return Set(replicas)
    }

    /// When the oldest change not yet everywhere was made; `nil` where there is none.
    func oldestReplicaChange(of replication: Replication) throws -> Int64? {
        try value("SELECT min(time) FROM replica_change WHERE replica = ?", replication.id, as: Int64?.self) ?? nil
    }

    /// Visits the changes made in a replica's own region after a number, until `body` has had enough.
    func scanChanges(
        of replication: Replication, in region: String, after sequence: Int64,
        _ body: (ReplicaChange) throws -> ScanStep
    ) throws {
        try scan(
            """
            SELECT sequence, key, time, value FROM replica_change WHERE replica = ? AND sequence > ? ORDER BY sequence
            """, replication.id, sequence
        ) { row in
            let value: [UInt8]? = try row[3]
            return try body(
                ReplicaChange(
                    sequence: try row[0], key: try row[1], version: ReplicaVersion(time: try row[2], region: region),
                    item: value.map(StoredItem.init(bytes:))))
        }
    }

    /// The keys of deleted items that are still remembered, in their order.
    func deletions(
        in table: TableDefinition, _ replication: Replication, after key: [UInt8], limit: Int
    ) throws -> [(key: [UInt8], version: ReplicaVersion)] {
        try rows(
            """
            SELECT key, time, region FROM replica_version AS version WHERE replica = ? AND key > ? AND NOT EXISTS
                (SELECT 1 FROM item WHERE "table" = ? AND key = version.key) ORDER BY key LIMIT ?
            """, replication.id, key, table.id, limit
        ) { row in (try row[0], ReplicaVersion(time: try row[1], region: try row[2])) }
    }
}

extension Transaction {
    static let replicaTopic = "replicas"

    /// Records a change made in a replica's own region, for the others.
    func publish(
        _ item: StoredItem?, at key: [UInt8], of replication: Replication, in region: String, _ now: Timestamp
    ) throws {
        let last = try replicaVersion(of: key, in: replication)
        let version = ReplicaVersion(writtenAt: now, in: region, after: last)
        try keep(version, of: key, in: replication)
        try execute(
            "INSERT INTO replica_change (replica, time, key, value) VALUES (?, ?, ?, ?)", replication.id, version.time,
            key, item?.bytes)
        announce(Self.replicaTopic)
    }

    func keep(_ version: ReplicaVersion, of key: [UInt8], in replication: Replication) throws {
        try execute(
            """
            INSERT INTO replica_version (replica, key, time, region) VALUES (?, ?, ?, ?)
            ON CONFLICT (replica, key) DO UPDATE SET time = excluded.time, region = excluded.region
            """, replication.id, key, version.time, version.region)
    }

    func setReplicaPosition(_ sequence: Int64, of region: String, in replication: Replication) throws {
        try execute(
            """
            INSERT INTO replica_position (replica, region, sequence) VALUES (?, ?, ?)
            ON CONFLICT (replica, region) DO UPDATE SET sequence = excluded.sequence
            """, replication.id, region, sequence)
    }

    func forgetReplicaPosition(of region: String, in replication: Replication) throws {
        try execute("DELETE FROM replica_position WHERE replica = ? AND region = ?", replication.id, region)
    }

    /// Forgets changes all others have.
    func trimChanges(of replication: Replication, through sequence: Int64) throws {
        try execute("DELETE FROM replica_change WHERE replica = ? AND sequence <= ?", replication.id, sequence)
    }

    /// Forgets some versions of before `time`. False when none was left.
    func trimVersions(of replication: Replication, before time: Int64, limit: Int) throws -> Bool {
        try execute(
            """
            DELETE FROM replica_version WHERE replica = ?1 AND key IN
                (SELECT key FROM replica_version WHERE replica = ?1 AND time < ?2 ORDER BY time LIMIT ?3)
            """, replication.id, time, limit) == limit
    }
}
