import ServiceKit

/// Reads the events of one stream, page by page in either direction.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html)
struct GetLogEvents: AWSOperation {
    struct Input: InputShape {
        let group: LogGroupReference
        let stream: String
        let times: TimeRange
        let nextToken: String?
        let limit: Int
        let startsFromHead: Bool

        init(_ member: Members) throws {
            group = try LogGroupReference(member)
            stream = try member("logStreamName")
            // The end is exclusive here and inclusive in FilterLogEvents.
            times = TimeRange(start: try member("startTime"), end: try member("endTime"), includingEnd: false)
            nextToken = try member("nextToken")
            limit = try member("limit") ?? EventPage.countLimit
            startsFromHead = try member("startFromHead") ?? false
        }

        /// Where to read from: where the token says, or from one end of the stream.
        func token() throws -> StreamToken {
            if let nextToken { return try StreamToken(nextToken) }
            return startsFromHead ? StreamToken(.forward, .first) : StreamToken(.backward, .last)
        }
    }

    struct Output: OutputShape {
        let events: [LogEvent]
        let forward: StreamToken
        let backward: StreamToken

        func write(to json: inout JSONWriter) {
            json.member("events") { json in
                json.array { json in
                    for event in events {
                        json.object { json in
                            json.member("timestamp", event.position.timestamp.milliseconds)
                            json.member("message", event.message)
                            json.member("ingestionTime", event.ingested.milliseconds)
                        }
                    }
                }
            }
            json.member("nextForwardToken", forward.text)
            json.member("nextBackwardToken", backward.text)
        }
    }

    let logs: LogStore

    func permissions(for input: Input, in call: Call) throws -> [Permission] {
        [Permission(on: try input.group.address(in: call).streamARN(input.stream))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let address = try input.group.address(in: call)
        let token = try input.token()
        let events = try await logs.read { snapshot in
            let group = try snapshot.requireLogGroup(at: address)
            let stream = try snapshot.requireLogStream(input.stream, of: group)
            var page = EventPage(limit: input.limit)
            try snapshot.scanEvents(
                of: stream, in: input.times.milliseconds, beyond: token.position,
                descending: token.direction == .backward
            ) { page.add($0) }
            return token.direction == .backward ? page.events.reversed() : page.events
        }
        return output(events, after: token)
    }

    /// At the end of the stream the caller gets his own token back, which tells him so.
    private func output(_ events: [LogEvent], after token: StreamToken) -> Output {
        guard let first = events.first, let last = events.last else {
            // Beyond the newest event there may be newer ones, so a new reader starts at the beginning.
            let position = token.position == .last ? .first : token.position
            return Output(
                events: [], forward: StreamToken(.forward, position), backward: StreamToken(.backward, token.position))
        }
        return Output(
            events: events, forward: StreamToken(.forward, last.position),
            backward: StreamToken(.backward, first.position))
    }
}
