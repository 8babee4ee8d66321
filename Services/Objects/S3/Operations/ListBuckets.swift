import ServiceKit

/// Lists the caller's buckets.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html)
struct ListBuckets: AWSOperation {
    struct Input: InputShape {
        let limit: Int
        let token: String?
        let prefix: String?
        let region: String?

        init(_ member: Members) throws {
            limit = try member("MaxBuckets") ?? 10_000
            token = try member("ContinuationToken")
            prefix = try member("Prefix")
            region = try member("BucketRegion")
        }
    }

    struct Output: OutputShape {
        let buckets: [BucketSummary]
        let owner: CanonicalUser
        let prefix: String?
        let token: String?

        func write(to json: inout JSONWriter) {
            json.member("Buckets") { json in
                json.array { json in
                    for bucket in buckets { json.object { write(bucket, to: &$0) } }
                }
            }
            json.member("Owner", owner)
            json.member("Prefix", prefix)
            json.member("ContinuationToken", token)
        }

        private func write(_ bucket: BucketSummary, to json: inout JSONWriter) {
            json.member("Name", bucket.name)
            json.member("CreationDate", bucket.created)
            json.member("BucketRegion", bucket.region)
            json.member("BucketArn", ARN("s3", bucket.name))
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission("s3:ListAllMyBuckets", on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let after = try input.token.map(ContinuationToken.open) ?? ""
        let limit = max(1, min(input.limit, 10_000))
        let found = try await store.read {
            try $0.buckets(
                of: call.account, prefix: input.prefix ?? "", region: input.region, after: after, limit: limit + 1)
        }
        let page = Array(found.prefix(limit))
        return Output(
            buckets: page, owner: CanonicalUser(call.account), prefix: input.prefix,
            token: found.count > limit ? page.last.map { ContinuationToken.seal($0.name) } : nil)
    }
}
