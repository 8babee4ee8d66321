import ServiceKit

/// Lists a group's log streams by name, or by the time of their last event.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html)
struct DescribeLogStreams: AWSOperation {
    struct Input: InputShape {
        let group: LogGroupReference
        let prefix: String?
        let isByLastEvent: Bool
        let isDescending: Bool
        let nextToken: String?
        let limit: Int

        init(_ member: Members) throws {
            group = try LogGroupReference(member)
            prefix = try member("logStreamNamePrefix")
            let order: String? = try member("orderBy")
            isByLastEvent = order == "LastEventTime"
            isDescending = try member("descending") ?? false
            nextToken = try member("nextToken")
            limit = try member("limit") ?? 50
        }
    }

    struct Output: OutputShape {
        let group: LogGroupAddress
        let streams: [LogStream]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("logStreams") { json in
                json.array { json in
                    for stream in streams { json.object { stream.write(to: &$0, in: group) } }
                }
            }
            json.member("nextToken", nextToken)
        }
    }

    let logs: LogStore
    let pages: PageToken

    func permissions(for input: Input, in call: Call) throws -> [Permission] {
        [try input.group.address(in: call).permission()]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard !input.isByLastEvent || input.prefix == nil else {
            throw ServiceError.invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.")
        }
        let address = try input.group.address(in: call)
        let order = "\(input.isByLastEvent) \(input.isDescending)"
        let scope = "DescribeLogStreams \(address.arn) \(order) \(input.prefix ?? "")"
        let start = try input.nextToken.map { try pages.position(in: $0, scope: scope) }
        let found = try await logs.read { snapshot in
            let group = try snapshot.requireLogGroup(at: address)
            return try streams(of: group, input, beyond: start, snapshot)
        }
        let page = Array(found.prefix(input.limit))
        let last = found.count > page.count ? page.last : nil
        return Output(
            group: address, streams: page, nextToken: last.map { pages.seal(position(of: $0, input), scope: scope) })
    }

    private func streams(
        of group: LogGroup, _ input: Input, beyond start: String?, _ snapshot: Snapshot
    ) throws -> [LogStream] {
        guard input.isByLastEvent else {
            return try snapshot.logStreams(
                of: group, prefix: input.prefix ?? "", beyond: start, descending: input.isDescending,
                limit: input.limit + 1)
        }
        let parts = start?.split(separator: " ").compactMap { Int64($0) } ?? []
        return try snapshot.logStreamsByLastEvent(
            of: group, beyond: parts.count == 2 ? (parts[0], parts[1]) : nil, descending: input.isDescending,
            limit: input.limit + 1)
    }

    private func position(of stream: LogStream, _ input: Input) -> String {
        input.isByLastEvent ? "\(stream.lastEvent?.milliseconds ?? -1) \(stream.id)" : stream.name
    }
}
