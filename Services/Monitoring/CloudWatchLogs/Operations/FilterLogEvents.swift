import ServiceKit

/// Searches the events of a group, of all its streams or of some, for a pattern.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html)
struct FilterLogEvents: AWSOperation {
    /// So many events are looked at for one answer, which may then be empty and still have a token.
    private static let scanLimit = 50_000

    struct Input: InputShape {
        let group: LogGroupReference
        let streams: [String]?
        let streamPrefix: String?
        let times: TimeRange
        let pattern: String
        let nextToken: String?
        let limit: Int

        init(_ member: Members) throws {
            group = try LogGroupReference(member)
            streams = try member("logStreamNames")
            streamPrefix = try member("logStreamNamePrefix")
            times = TimeRange(start: try member("startTime"), end: try member("endTime"), includingEnd: true)
            pattern = try member("filterPattern") ?? ""
            nextToken = try member("nextToken")
            limit = try member("limit") ?? EventPage.countLimit
        }
    }

    struct Output: OutputShape {
        let events: [(event: LogEvent, stream: String)]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("events") { json in
                json.array { json in
                    for (event, stream) in events {
                        json.object { json in
                            json.member("logStreamName", stream)
                            json.member("timestamp", event.position.timestamp.milliseconds)
                            json.member("message", event.message)
                            json.member("ingestionTime", event.ingested.milliseconds)
                            json.member("eventId", event.position.digits)
                        }
                    }
                }
            }
            // AWS fills this list no more.
            json.member("searchedLogStreams", [String]())
            json.member("nextToken", nextToken)
        }
    }

    let logs: LogStore
    let pages: PageToken

    func permissions(for input: Input, in call: Call) throws -> [Permission] {
        [try input.group.address(in: call).permission()]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard input.streams == nil || input.streamPrefix == nil else {
            throw ServiceError.invalidParameter(
                "LogStreamNamePrefix and LogStreamNames are mutually exclusive parameters.")
        }
        let address = try input.group.address(in: call)
        let pattern = try FilterPattern(input.pattern)
        let scope = "FilterLogEvents \(address.arn)"
        let start = try input.nextToken.map { try position(in: $0, scope: scope) } ?? .first
        return try await logs.read { snapshot in
            let group = try snapshot.requireLogGroup(at: address)
            let streams = try wantedStreams(input, of: group, snapshot)
            var search = EventSearch(pattern: pattern, streams: streams, limit: input.limit, scanLimit: Self.scanLimit)
            try snapshot.scanEvents(of: group, in: input.times.milliseconds, after: start) {
                try search.look(at: $0, snapshot)
            }
            let end = search.stoppedAt.map { pages.seal($0.digits, scope: scope) }
            return Output(events: search.found, nextToken: end)
        }
    }

    /// `nil` for all.
    private func wantedStreams(_ input: Input, of group: LogGroup, _ snapshot: Snapshot) throws -> Set<Int64>? {
        if let names = input.streams { return try snapshot.logStreamIDs(of: group, named: names) }
        return try input.streamPrefix.map { try snapshot.logStreamIDs(of: group, prefix: $0) }
    }

    private func position(in token: String, scope: String) throws -> EventPosition {
        guard let position = EventPosition(digits: try pages.position(in: token, scope: scope)) else {
            throw ServiceError.invalidNextToken
        }
        return position
    }
}
