import ServiceKit

/// A version that another bucket is to have as it is here.
struct ReplicationTask: Sendable {
    static let topic = "replication"

    let id: Int64
    /// The source's name.
    let bucket: String
    let key: String
    let version: String
    /// The other bucket's name.
    let destination: String
    let rule: String
    /// Whether the version itself may be missing there.
    let creates: Bool
    let noted: Timestamp
    let attempts: Int
    /// Whether it was told that time control's promise is broken.
    let isLate: Bool
}

private let columns = """
    task.id, bucket.name, key, task.version, destination, rule, creates, noted, attempts, is_late
    FROM replication_task task JOIN bucket ON bucket.id = task.bucket
    """

extension ReplicationTask {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try row[0], bucket: try row[1], key: try row[2], version: try row[3], destination: try row[4],
            rule: try row[5], creates: try row[6], noted: try row[7], attempts: try row[8], isLate: try row[9])
    }
}

extension Snapshot {
    func replicationTask(_ id: Int64) throws -> ReplicationTask? {
        try first("SELECT \(columns) WHERE task.id = ?", id, body: ReplicationTask.init)
    }

    /// Tasks whose time has come: of the versions of a key that wait for one bucket, only the oldest.
    func replicationTasks(dueAt now: Timestamp, limit: Int) throws -> [Int64] {
        // The first row is never behind another one: `due` does not fall among the versions of a key.
        try rows(
            """
            SELECT id FROM (SELECT * FROM replication_task WHERE due <= ? ORDER BY due, id LIMIT 1000) task
            WHERE NOT EXISTS (SELECT 1 FROM replication_task older WHERE older.bucket = task.bucket
                AND older.key = task.key AND older.destination = task.destination AND older.id < task.id)
            ORDER BY due, id LIMIT ?
            """, now, limit
        ) { try $0[0] }
    }

    /// When the next task's time comes; `nil` for none.
    func nextReplication() throws -> Timestamp? {
        try first("SELECT due FROM replication_task ORDER BY due LIMIT 1") { try $0[0] }
    }

    fileprivate func hasTasks(for key: String, _ version: String, in bucket: Bucket) throws -> Bool {
        try exists(
            "SELECT 1 FROM replication_task WHERE bucket = ? AND key = ? AND version = ?", bucket.id, key, version)
    }
}

extension Transaction {
    /// A version that waits already waits on, for the same reason and what else is new. One that comes behind others
    /// of its key waits as long as they do.
    func insertTask(
        _ key: String, _ version: String, _ rule: ReplicationConfiguration.Rule, creates: Bool, in bucket: Bucket,
        at now: Timestamp
    ) throws {
        try execute(
            """
            INSERT INTO replication_task (bucket, key, version, destination, rule, creates, noted, due)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, max(?7, coalesce((SELECT max(due) FROM replication_task
                WHERE bucket = ?1 AND key = ?2 AND destination = ?4), 0)))
            ON CONFLICT (bucket, key, version, destination)
            DO UPDATE SET creates = max(creates, excluded.creates), rule = excluded.rule
            """, bucket.id, key, version, rule.destination.bucket, rule.id, creates, now)
    }

    func setReplication(
        of key: String, _ version: String, in bucket: Bucket, to status: ReplicationStatus
    ) throws {
        try execute(
            "UPDATE object SET replication = ? WHERE bucket = ? AND key = ? AND version = ?", status, bucket.id, key,
            version)
    }

    /// Forgets a task that is done, or will not be; the version's status follows with its last one.
    func finish(
        _ task: ReplicationTask, of object: StoredObject?, in bucket: Bucket, failure: ReplicationFailure? = nil
    ) throws {
        try execute("DELETE FROM replication_task WHERE id = ?", task.id)
        let isLast = try !hasTasks(for: task.key, task.version, in: bucket)
        if failure != nil || isLast {
            let result = failure.map(\.result) ?? (object == nil ? ReplicationFailure.sourceGone : .succeeded)
            try settleTasks(waitingFor: task.key, task.version, in: bucket, result)
        }
        // It may be gone, or have changed, since the task was read.
        guard let object, let status = try self.object(object.key, version: object.version, in: bucket)?.replication
        else { return }
        let next = failure != nil ? status.refused : isLast ? status.finished : status
        if next != status { try setReplication(of: task.key, task.version, in: bucket, to: next) }
    }

    /// Puts a task off, and with it the versions of its key behind it.
    func postpone(_ task: ReplicationTask, until due: Timestamp, isLate: Bool) throws {
        try execute(
            "UPDATE replication_task SET attempts = attempts + 1, due = ?, is_late = ? WHERE id = ?", due, isLate,
            task.id)
        try execute(
            """
            UPDATE replication_task SET due = max(due, ?1) WHERE id > ?2 AND destination = ?3 AND (bucket, key) =
                (SELECT bucket, key FROM replication_task WHERE id = ?2)
            """, due, task.id, task.destination)
    }
}
