import ServiceKit

/// Brings jobs from one status to the next, the one of the highest priority first.
///
/// Everything it knows is in the tables: after a crash it goes on where it was. A task that was under way then is done
/// once more, as AWS may do it too.
struct BatchWorker: Sendable {
    private static let pauseAfterFailure = Duration.seconds(5)
    /// Without anything to do.
    private static let pause = Duration.seconds(3600)
    private static let retention = Duration.seconds(90 * 24 * 3600)

    let store: S3Store
    let client: ServiceClient
    let roles: AssumedRoles
    let clock: any WallClock
    let log: Log
    private let bell = Doorbell()

    init(store: S3Store, client: ServiceClient, roles: AssumedRoles, clock: any WallClock, log: Log) {
        (self.store, self.client, self.roles, self.clock, self.log) = (store, client, roles, clock, log)
        store.database.observe(BatchJob.topic) { [bell] in bell.ring() }
    }

    func run() async throws {
        while !Task.isCancelled {
            let hadTrouble = try await advance()
            await bell.wait(until: clock.now + (hadTrouble ? Self.pauseAfterFailure : Self.pause), on: clock)
        }
    }

    /// Does all that can be done; returns whether something is worth another try soon.
    private func advance() async throws -> Bool {
        var troubled: Set<Int64> = []
        while !Task.isCancelled {
            var hasMoved = false
            for job in try await store.read({ try $0.unfinishedBatchJobs() }) where !troubled.contains(job.row) {
                do {
                    hasMoved = try await step(job)
                } catch let error as ServiceError where error.status >= 500 {
                    log.warning("A batch job waits", ["job": job.id, "error": error.message])
                    troubled.insert(job.row)
                }
                if hasMoved { break }
            }
            if !hasMoved { return !troubled.isEmpty }
        }
        return false
    }

    /// Returns whether the job has come any further.
    private func step(_ job: BatchJob) async throws -> Bool {
        do {
            switch job.status {
            case .new: try await store.database.write { try $0.move(job, from: .new, to: .preparing) }
            case .preparing: try await BatchPreparation(store: store, session: session(job)).run(at: clock.now)
            case .ready, .paused: try await start(job)
            case .active:
                return try await BatchExecution(store: store, session: session(job), clock: clock).advance()
            case .completing, .cancelling, .failing: try await finish(job)
            case .suspended, .complete, .cancelled, .failed: return false
            }
        } catch let failure as BatchJob.Failure {
            log.warning("A batch job failed", ["job": job.id, "error": failure.reason])
            try await store.database.write { try $0.fail(job, failure) }
        } catch is CancellationError where !Task.isCancelled {
            // Somebody cancelled the job while its list was made.
        }
        return true
    }

    private func session(_ job: BatchJob) async throws -> BatchSession {
        do {
            return BatchSession(job: job, role: try await roles.caller(in: job), client: client)
        } catch let error as ServiceError where error.status < 500 {
            throw BatchJob.Failure(code: error.code, reason: error.message)
        }
    }

    /// Those of a lower priority wait meanwhile.
    private func start(_ job: BatchJob) async throws {
        try await store.database.write { transaction in
            try transaction.pauseOthers(than: job)
            try transaction.move(job, from: job.status, to: .active)
        }
    }

    private func finish(_ job: BatchJob) async throws {
        var status = job.status.end ?? .failed
        var failure: BatchJob.Failure?
        do {
            try await BatchReport(store: store, session: session(job)).write(at: clock.now)
        } catch let error as BatchJob.Failure {
            failure = error
        } catch let error as ServiceError where error.status < 500 {
            failure = BatchJob.Failure(code: error.code, reason: "The report cannot be written: \(error.message)")
        }
        // A job that failed has told why already.
        if failure != nil, status == .complete { status = .failed }
        let (end, reason, now) = (status, job.failure == nil ? failure : nil, clock.now)
        try await store.database.write { transaction in
            if let reason, end == .failed { try transaction.fail(job, reason) }
            try transaction.terminate(job, as: end, at: now)
            try transaction.deleteBatchJobs(terminatedBefore: now - Self.retention)
        }
    }
}

extension Transaction {
    fileprivate func pauseOthers(than job: BatchJob) throws {
        try execute(
            "UPDATE batch_job SET status = ? WHERE status = ? AND account = ? AND region = ? AND priority < ?",
            BatchJob.Status.paused, BatchJob.Status.active, job.account, job.region, job.priority)
    }
}
