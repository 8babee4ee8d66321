import ServiceKit

/// Lists an account's access points, or those of one bucket.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListAccessPoints.html)
struct ListAccessPoints: AWSOperation {
    struct Input: InputShape {
        let account: String
        let bucket: String?
        let token: String?
        let limit: Int

        init(_ member: Members) throws {
            account = try member("AccountId")
            bucket = try member("Bucket")
            token = try member("NextToken")
            limit = max(1, try member("MaxResults") ?? Limits.pageSize)
        }
    }

    struct Output: OutputShape {
        let points: [AccessPoint]
        let next: String?

        func write(to json: inout JSONWriter) {
            json.member("AccessPointList") { json in
                json.array { json in
                    for point in points { json.object { point.writeSummary(to: &$0) } }
                }
            }
            json.member("NextToken", next)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("s3:ListAccessPoints", on: "*", owner: input.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let start = try input.token.map(ContinuationToken.open) ?? ""
        let found = try await store.read {
            try $0.accessPoints(
                of: input.account, in: call.region, bucket: input.bucket, after: start, limit: input.limit + 1)
        }
        let page = Array(found.prefix(input.limit))
        return Output(
            points: page,
            next: found.count > page.count ? page.last.map { ContinuationToken.seal($0.name) } : nil)
    }
}
