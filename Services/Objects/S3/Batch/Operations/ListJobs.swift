import ServiceKit

/// Lists an account's jobs, and those that ended in the last 90 days, the newest first.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListJobs.html)
struct ListJobs: AWSOperation {
    struct Input: InputShape {
        let account: String
        let statuses: Set<String>
        let token: String?
        let limit: Int

        init(_ member: Members) throws {
            account = try member("AccountId")
            statuses = Set(try member("JobStatuses") as [String]? ?? [])
            token = try member("NextToken")
            limit = max(1, try member("MaxResults") ?? Limits.pageSize)
        }
    }

    struct Output: OutputShape {
        let jobs: [BatchJob]
        let next: String?

        func write(to json: inout JSONWriter) {
            json.member("NextToken", next)
            json.member("Jobs") { json in
                json.array { json in
                    for job in jobs { json.object { job.writeSummary(to: &$0) } }
                }
            }
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("s3:ListJobs", on: "*", owner: input.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let start = try input.token.map(ContinuationToken.open).flatMap { Int64($0) } ?? .max
        let found = try await store.read {
            try $0.batchJobs(
                of: input.account, in: call.region, input.statuses, before: start, limit: input.limit + 1)
        }
        let page = Array(found.prefix(input.limit))
        return Output(
            jobs: page, next: found.count > page.count ? page.last.map { ContinuationToken.seal("\($0.row)") } : nil)
    }
}
