import ServiceKit

/// Puts a job before or behind others.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_UpdateJobPriority.html)
struct UpdateJobPriority: AWSOperation {
    struct Input: InputShape {
        let job: JobInput
        let priority: Int64

        init(_ member: Members) throws {
            job = try JobInput(member)
            priority = try member("Priority")
        }
    }

    struct Output: OutputShape {
        let id: String
        let priority: Int64

        func write(to json: inout JSONWriter) {
            json.member("JobId", id)
            json.member("Priority", priority)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let context = ["s3:RequestJobPriority": [String(input.priority)]]
        return [try await store.permission("s3:UpdateJobPriority", onJob: input.job, in: call, context: context)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.write(input.job, in: call) { transaction, job in
            try transaction.setPriority(of: job, to: input.priority)
        }
        return Output(id: input.job.id, priority: input.priority)
    }
}
