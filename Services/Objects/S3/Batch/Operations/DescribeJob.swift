import ServiceKit

/// Tells how a job is and how far it has come.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_DescribeJob.html)
struct DescribeJob: AWSOperation {
    struct Output: OutputShape {
        let job: BatchJob
        func write(to json: inout JSONWriter) { json.member("Job") { json in json.object { job.write(to: &$0) } } }
    }

    let store: S3Store

    func permissions(for input: JobInput, in call: Call) async throws -> [Permission] {
        [try await store.permission("s3:DescribeJob", onJob: input, in: call)]
    }

    func perform(_ input: JobInput, in call: Call) async throws -> Output {
        Output(job: try await store.job(input, in: call))
    }
}

/// The input of operations that say no more than which job they mean.
struct JobInput: InputShape {
    let account: String
    let id: String

    init(_ member: Members) throws {
        account = try member("AccountId")
        id = try member("JobId")
    }
}

extension S3Store {
    /// - Throws: `NoSuchJobException`
    func job(_ input: JobInput, in call: Call) async throws -> BatchJob {
        let found = try await read { try $0.batchJob(input.id, of: input.account, in: call.region) }
        guard let found else { throw ServiceError.noSuchJob }
        return found
    }

    /// Conditions may be on what the job is; whether there is one is told only to those who may ask.
    func permission(
        _ action: String, onJob input: JobInput, in call: Call, context: [String: [String]] = [:]
    ) async throws -> Permission {
        let found = try await read { try $0.batchJob(input.id, of: input.account, in: call.region) }
        let arn = ARN("s3", region: call.region, account: input.account, "job/\(input.id)")
        return Permission(
            action, on: arn, context: try found?.conditions.merging(context) { first, _ in first } ?? context)
    }

    /// Changes a job as it is now.
    ///
    /// - Throws: `NoSuchJobException`
    func write<T: Sendable>(
        _ input: JobInput, in call: Call, _ body: @escaping @Sendable (Transaction, BatchJob) throws -> T
    ) async throws -> T {
        try await database.write { transaction in
            guard let job = try transaction.batchJob(input.id, of: input.account, in: call.region) else {
                throw ServiceError.noSuchJob
            }
            return try body(transaction, job)
        }
    }
}
