import ServiceKit

/// Does a job's tasks, some at a time.
struct BatchExecution: Sendable {
    /// Tasks that are under way together.
    private static let batch = 16
    private static let attempts = 3
    private static let pause = Duration.milliseconds(200)
    /// From so many tasks on, a job of which more than half failed is given up.
    private static let threshold: Int64 = 1000

    let store: S3Store
    let session: BatchSession
    let clock: any WallClock

    private var job: BatchJob { session.job }

    /// Returns whether there was anything to do; not where all that is left waits for something else.
    func advance() async throws -> Bool {
        let tasks = try await store.read { try $0.openBatchTasks(of: job, limit: Self.batch) }
        guard !tasks.isEmpty else {
            if try await store.read({ try $0.hasWaitingTasks(job) }) { return false }
            try await store.database.write { try $0.move(job, from: .active, to: .completing) }
            return true
        }
        let began = ContinuousClock.now
        let operation = try job.operation
        let results: [(BatchTask, BatchResult)] = try await withThrowingTaskGroup(of: (BatchTask, BatchResult).self) {
            group in
            for task in tasks { group.addTask { (task, try await result(of: task, operation)) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let elapsed = ContinuousClock.now - began
        try await store.database.write { transaction in
            try transaction.record(results.map { (task: $0.0, result: $0.1) }, of: job, taking: elapsed)
            guard let progress = try transaction.batchJob(job.row)?.progress else { return }
            let attempted = progress.succeeded + progress.failed
            guard attempted >= Self.threshold, progress.failed * 2 > attempted else { return }
            try transaction.fail(
                job, .init(code: "FailureRateExceeded", reason: "More than 50% of the job's tasks failed."))
        }
        return true
    }

    /// What is not S3's fault is tried again, a few times.
    private func result(of task: BatchTask, _ operation: BatchOperation) async throws -> BatchResult {
        var attempt = 1
        while true {
            do {
                return try await perform(task, operation)
            } catch let error as ServiceError {
                try Task.checkCancellation()
                guard error.status >= 500, error.status != 501, attempt < Self.attempts else { return .failed(error) }
            }
            try await clock.sleep(until: clock.now + Self.pause * attempt)
            attempt += 1
        }
    }

    private func perform(_ task: BatchTask, _ operation: BatchOperation) async throws -> BatchResult {
        switch operation.kind {
        case .invoke: return try await BatchInvocation(session: session, options: operation.options).result(of: task)
        case .replicate:
            _ = try await session.own("InitiateReplication") { json in
                json.member("Job", job.row)
                json.member("Task", task.number)
                task.target.write(to: &json)
            }
            return .waiting
        case .checksum:
            let reply = try await session.own("ComputeObjectChecksum") { json in
                json.member("Job", job.row)
                task.target.write(to: &json)
            }
            return BatchResult(state: .succeeded, message: try Members(reply.output)("Message"))
        default:
            guard let (name, input) = operation.request(for: task.target) else { return .succeeded }
            try await session.call("s3", name, input)
            return .succeeded
        }
    }
}
