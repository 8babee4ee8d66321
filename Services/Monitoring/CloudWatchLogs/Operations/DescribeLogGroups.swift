import ServiceKit

/// Lists log groups in the order of their names.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html)
struct DescribeLogGroups: AWSOperation {
    struct Input: InputShape {
        let prefix: String?
        let part: String?
        let identifiers: [String]?
        let nextToken: String?
        let limit: Int

        init(_ member: Members) throws {
            prefix = try member("logGroupNamePrefix")
            part = try member("logGroupNamePattern")
            identifiers = try member("logGroupIdentifiers")
            nextToken = try member("nextToken")
            limit = try member("limit") ?? 50
        }
    }

    struct Output: OutputShape {
        let groups: [LogGroup]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("logGroups", groups)
            json.member("nextToken", nextToken)
        }
    }

    let logs: LogStore
    let pages: PageToken

    func permissions(for input: Input, in call: Call) -> [Permission] { [LogGroupAddress("", in: call).permission()] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard input.prefix == nil || input.part == nil else {
            throw ServiceError.invalidParameter(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
        }
        if let identifiers = input.identifiers { return try await find(identifiers, in: call) }
        let scope = "DescribeLogGroups \(call.account) \(input.prefix ?? "") \(input.part ?? "")"
        let start = try input.nextToken.map { try pages.position(in: $0, scope: scope) } ?? ""
        let found = try await logs.read { snapshot in
            try snapshot.logGroups(
                of: call.account, in: call.region, prefix: input.prefix ?? "", containing: input.part ?? "",
                after: start, limit: input.limit + 1)
        }
        let page = Array(found.prefix(input.limit))
        let hasMore = found.count > page.count
        return Output(
            groups: page, nextToken: hasMore ? page.last.map { pages.seal($0.address.name, scope: scope) } : nil)
    }

    private func find(_ identifiers: [String], in call: Call) async throws -> Output {
        let addresses = identifiers.compactMap { text in
            text.hasPrefix("arn:") ? ARN(text).flatMap(LogGroupAddress.init) : LogGroupAddress(text, in: call)
        }
        let groups = try await logs.read { snapshot in try addresses.compactMap { try snapshot.logGroup(at: $0) } }
        return Output(groups: groups.filter { $0.address.account == call.account }, nextToken: nil)
    }
}

extension PageToken {
    /// - Throws: `InvalidParameterException` for a token that is not ours.
    func position(in token: String, scope: String) throws -> String {
        guard let position = open(token, scope: scope) else { throw ServiceError.invalidNextToken }
        return position
    }
}
