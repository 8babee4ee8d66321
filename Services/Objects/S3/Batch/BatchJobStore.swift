import ServiceKit

extension Schema {
    static let batchMigrations = [
        Migration(
            1,
            """
            CREATE TABLE batch_job (
                row INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                account TEXT NOT NULL,
                region TEXT NOT NULL,
                token TEXT NOT NULL,
                created INTEGER NOT NULL,
                priority INTEGER NOT NULL,
                status TEXT NOT NULL,
                request BLOB NOT NULL,
                tags BLOB,
                reason TEXT,
                failure_code TEXT,
                failure_reason TEXT,
                terminated INTEGER,
                suspended INTEGER,
                total INTEGER NOT NULL DEFAULT 0,
                succeeded INTEGER NOT NULL DEFAULT 0,
                failed INTEGER NOT NULL DEFAULT 0,
                active_milliseconds INTEGER NOT NULL DEFAULT 0,
                -- The number of the next task that was not begun.
                position INTEGER NOT NULL DEFAULT 0,
                generated BLOB,
                UNIQUE (account, region, token)
            );
            CREATE INDEX batch_job_unfinished ON batch_job (priority, row) WHERE terminated IS NULL;

            CREATE TABLE batch_task (
                job INTEGER NOT NULL REFERENCES batch_job (row) ON DELETE CASCADE,
                number INTEGER NOT NULL,
                bucket TEXT NOT NULL,
                key TEXT NOT NULL,
                version TEXT,
                state INTEGER NOT NULL DEFAULT 0,
                status INTEGER,
                code TEXT,
                message TEXT,
                PRIMARY KEY (job, number)
            ) WITHOUT ROWID;
            -- Tasks that end with the replication of a version.
            CREATE INDEX batch_task_waiting ON batch_task (bucket, key, version) WHERE state = 1;
            """, group: "batch jobs")
    ]
}

private let columns = """
    row, id, account, region, created, priority, status, request, tags, reason, failure_code, failure_reason,
    terminated, suspended, total, succeeded, failed, active_milliseconds, position, generated
    """

extension BatchJob {
    fileprivate init(_ row: Row) throws {
        let (code, explanation): (String?, String?) = (try row[10], try row[11])
        let generated: [UInt8]? = try row[19]
        self.init(
            row: try row[0], id: try row[1], account: try row[2], region: try row[3], created: try row[4],
            priority: try row[5], status: try row[6], request: try JSONDocument(try row[7]).root,
            tags: try Tags(encoded: try row[8]), reason: try row[9],
            failure: code.map { Failure(code: $0, reason: explanation ?? "") }, terminated: try row[12],
            suspended: try row[13],
            progress: Progress(
                total: try row[14], succeeded: try row[15], failed: try row[16], activeMilliseconds: try row[17]),
            position: try row[18], generatedManifest: try generated.map { try JSONDocument($0).root })
    }
}

extension Snapshot {
    func batchJob(_ id: String, of account: String, in region: String) throws -> BatchJob? {
        try first(
            "SELECT \(columns) FROM batch_job WHERE id = ? AND account = ? AND region = ?", id, account, region,
            body: BatchJob.init)
    }

    func batchJob(_ row: Int64) throws -> BatchJob? {
        try first("SELECT \(columns) FROM batch_job WHERE row = ?", row, body: BatchJob.init)
    }

    func batchJob(for token: String, of account: String, in region: String) throws -> BatchJob? {
        try first(
            "SELECT \(columns) FROM batch_job WHERE account = ? AND region = ? AND token = ?", account, region, token,
            body: BatchJob.init)
    }

    /// The newest first.
    func batchJobs(
        of account: String, in region: String, _ statuses: Set<String>, before row: Int64, limit: Int
    ) throws -> [BatchJob] {
        var found: [BatchJob] = []
        try scan(
            "SELECT \(columns) FROM batch_job WHERE account = ? AND region = ? AND row < ? ORDER BY row DESC", account,
            region, row
        ) { row in
            let job = try BatchJob(row)
            if statuses.isEmpty || statuses.contains(job.status.rawValue) { found.append(job) }
            return found.count < limit ? .next : .stop
        }
        return found
    }

    /// Those there is something to do about, by their priority.
    func unfinishedBatchJobs() throws -> [BatchJob] {
        try rows(
            """
            SELECT \(columns) FROM batch_job WHERE terminated IS NULL AND status <> ?
            ORDER BY priority DESC, row LIMIT 100
            """, BatchJob.Status.suspended, body: BatchJob.init)
    }

    /// The next tasks that were not begun.
    func openBatchTasks(of job: BatchJob, limit: Int) throws -> [BatchTask] {
        try rows(
            """
            SELECT number, bucket, key, version FROM batch_task WHERE job = ? AND number >= ? AND state = 0
            ORDER BY number LIMIT ?
            """, job.row, job.position, limit
        ) { row in
            BatchTask(number: try row[0], target: BatchTarget(bucket: try row[1], key: try row[2], version: try row[3]))
        }
    }

    func hasWaitingTasks(_ job: BatchJob) throws -> Bool {
        try exists("SELECT 1 FROM batch_task WHERE state = 1 AND job = ? LIMIT 1", job.row)
    }

    /// Finished tasks behind a number, for reports.
    func finishedBatchTasks(
        of job: BatchJob, _ state: BatchTask.State, after number: Int64, limit: Int
    ) throws -> [(task: BatchTask, result: BatchResult)] {
        try rows(
            """
            SELECT number, bucket, key, version, status, code, message FROM batch_task
            WHERE job = ? AND number > ? AND state = ? ORDER BY number LIMIT ?
            """, job.row, number, state, limit
        ) { row in
            let target = BatchTarget(bucket: try row[1], key: try row[2], version: try row[3])
            let result = BatchResult(
                state: state, status: try row[4] ?? 200, code: try row[5] ?? "", message: try row[6] ?? "")
            return (BatchTask(number: try row[0], target: target), result)
        }
    }

    /// Of all lines of a job's list.
    func batchTargets(
        of job: BatchJob, after number: Int64, limit: Int
    ) throws -> [BatchTask] {
        try rows(
            "SELECT number, bucket, key, version FROM batch_task WHERE job = ? AND number > ? ORDER BY number LIMIT ?",
            job.row, number, limit
        ) { row in
            BatchTask(number: try row[0], target: BatchTarget(bucket: try row[1], key: try row[2], version: try row[3]))
        }
    }
}

extension Transaction {
    func insert(_ job: BatchJob, token: String) throws {
        try execute(
            """
            INSERT INTO batch_job (id, account, region, token, created, priority, status, request, tags)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, job.id, job.account, job.region, token, job.created, job.priority, job.status,
            Array(job.request.rawBytes), job.tags.encoded)
        announce(BatchJob.topic)
    }

    func setPriority(of job: BatchJob, to priority: Int64) throws {
        try execute("UPDATE batch_job SET priority = ? WHERE row = ?", priority, job.row)
        announce(BatchJob.topic)
    }

    func setTags(of job: BatchJob, to tags: Tags) throws {
        try execute("UPDATE batch_job SET tags = ? WHERE row = ?", tags.encoded, job.row)
    }

    func setStatus(of job: BatchJob, to status: BatchJob.Status, because reason: String? = nil) throws {
        try execute(
            "UPDATE batch_job SET status = ?, reason = coalesce(?, reason) WHERE row = ?", status, reason, job.row)
        announce(BatchJob.topic)
    }

    /// Moves a job on, unless somebody else did.
    func move(_ job: BatchJob, from status: BatchJob.Status, to next: BatchJob.Status) throws {
        try execute("UPDATE batch_job SET status = ? WHERE row = ? AND status = ?", next, job.row, status)
    }

    func fail(_ job: BatchJob, _ failure: BatchJob.Failure) throws {
        try execute(
            "UPDATE batch_job SET status = ?, failure_code = ?, failure_reason = ? WHERE row = ?",
            BatchJob.Status.failing, failure.code, String(failure.reason.prefix(256)), job.row)
    }

    func terminate(_ job: BatchJob, as status: BatchJob.Status, at now: Timestamp) throws {
        try execute("UPDATE batch_job SET status = ?, terminated = ? WHERE row = ?", status, now, job.row)
    }

    /// Jobs and their tasks are kept for 90 days.
    func deleteBatchJobs(terminatedBefore limit: Timestamp) throws {
        try execute("DELETE FROM batch_job WHERE terminated < ?", limit)
    }

    // MARK: The list

    /// Begins the list anew: a crash may have left a part of it.
    func clearTasks(of job: BatchJob) throws { try execute("DELETE FROM batch_task WHERE job = ?", job.row) }

    func add(_ targets: [BatchTarget], to job: BatchJob, from number: Int64) throws {
        for (offset, target) in targets.enumerated() {
            try execute(
                "INSERT INTO batch_task (job, number, bucket, key, version) VALUES (?, ?, ?, ?, ?)", job.row,
                number + Int64(offset), target.bucket, target.key, target.version)
        }
    }

    func finishPreparing(
        _ job: BatchJob, tasks: Int64, generated: [UInt8]?, at now: Timestamp
    ) throws {
        let next = job.needsConfirmation ? BatchJob.Status.suspended : .ready
        try execute(
            """
            UPDATE batch_job SET status = ?, total = ?, generated = ?, suspended = ? WHERE row = ? AND status = ?
            """, next, tasks, generated, job.needsConfirmation ? now : nil, job.row, BatchJob.Status.preparing)
    }

    // MARK: Results

    /// What came of tasks that were begun together, and where the next ones begin.
    func record(
        _ results: [(task: BatchTask, result: BatchResult)], of job: BatchJob, taking elapsed: Duration
    ) throws {
        for (task, result) in results where result.state != .waiting {
            try settle(task.number, of: job.row, from: .open, result)
        }
        guard let last = results.map(\.task.number).max() else { return }
        try execute(
            "UPDATE batch_job SET position = ?, active_milliseconds = active_milliseconds + ? WHERE row = ?", last + 1,
            elapsed.milliseconds, job.row)
    }

    /// A task that ends with the replication of a version.
    func setWaiting(_ number: Int64, of job: Int64, version: String) throws {
        try execute(
            "UPDATE batch_task SET state = ?, version = ? WHERE job = ? AND number = ? AND state = 0",
            BatchTask.State.waiting, version, job, number)
    }

    /// Ends the tasks that wait for the replication of a version.
    func settleTasks(waitingFor key: String, _ version: String, in bucket: Bucket, _ result: BatchResult) throws {
        let waiting: [(Int64, Int64)] = try rows(
            "SELECT job, number FROM batch_task WHERE state = 1 AND bucket = ? AND key = ? AND version = ?",
            bucket.name, key, version
        ) { (try $0[0], try $0[1]) }
        try settle(waiting, result)
    }

    /// Ends the tasks that wait for the replication of any version of a bucket: nothing replicates it any more.
    func settleTasks(waitingIn bucket: String, _ result: BatchResult) throws {
        try settle(
            try rows("SELECT job, number FROM batch_task WHERE state = 1 AND bucket = ?", bucket) {
                (try $0[0], try $0[1])
            }, result)
    }

    private func settle(_ waiting: [(job: Int64, number: Int64)], _ result: BatchResult) throws {
        for (job, number) in waiting { try settle(number, of: job, from: .waiting, result) }
        if !waiting.isEmpty { announce(BatchJob.topic) }
    }

    /// A task that ended already, or that something else ends by now, keeps its result, and is counted once.
    private func settle(
        _ number: Int64, of job: Int64, from state: BatchTask.State, _ result: BatchResult
    ) throws {
        let changed = try execute(
            """
            UPDATE batch_task SET state = ?, status = ?, code = ?, message = ?
            WHERE job = ? AND number = ? AND state = ?
            """, result.state, Int64(result.status), result.code, result.message, job, number, state)
        guard changed > 0 else { return }
        let counter = result.state == .succeeded ? "succeeded" : "failed"
        try execute("UPDATE batch_job SET \(counter) = \(counter) + 1 WHERE row = ?", job)
    }
}
