import ServiceKit

/// Confirms a job that waits for it, or cancels one.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_UpdateJobStatus.html)
struct UpdateJobStatus: AWSOperation {
    struct Input: InputShape {
        let job: JobInput
        let requested: String
        let reason: String?

        init(_ member: Members) throws {
            job = try JobInput(member)
            requested = try member("RequestedJobStatus")
            reason = try member("StatusUpdateReason")
        }
    }

    struct Output: OutputShape {
        let id: String
        let status: BatchJob.Status
        let reason: String?

        func write(to json: inout JSONWriter) {
            json.member("JobId", id)
            json.member("Status", status.rawValue)
            json.member("StatusUpdateReason", reason)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:UpdateJobStatus", onJob: input.job, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.write(input.job, in: call) { transaction, job in
            let next = try job.status.next(asFor: input.requested)
            try transaction.setStatus(of: job, to: next, because: input.reason)
            return Output(id: job.id, status: next, reason: input.reason)
        }
    }
}

extension BatchJob.Status {
    /// - Throws: `JobStatusException` for a step that the status does not allow.
    fileprivate func next(asFor requested: String) throws -> BatchJob.Status {
        switch (self, requested) {
        case (.suspended, "Ready"): return .ready
        case (.new, "Cancelled"), (.preparing, "Cancelled"), (.suspended, "Cancelled"), (.ready, "Cancelled"),
            (.active, "Cancelled"), (.paused, "Cancelled"):
            return .cancelling
        default:
            throw ServiceError("JobStatusException", "A job that is \(rawValue) cannot become \(requested).")
        }
    }
}
