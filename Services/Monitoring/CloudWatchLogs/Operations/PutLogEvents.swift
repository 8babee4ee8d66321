import ServiceKit

/// Appends a batch of events to a log stream.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html)
struct PutLogEvents: AWSOperation {
    struct Input: InputShape {
        let group: String
        let stream: String
        let events: [EventEntry]

        init(_ member: Members) throws {
            group = try member("logGroupName")
            stream = try member("logStreamName")
            events = try member("logEvents")
        }
    }

    struct Output: OutputShape {
        let number: Int64
        let rejection: EventBatch.Rejection?

        func write(to json: inout JSONWriter) {
            json.member("nextSequenceToken", LogStream.sequenceToken(number))
            json.member("rejectedLogEventsInfo", rejection)
        }
    }

    let logs: LogStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: LogGroupAddress(input.group, in: call).streamARN(input.stream))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try EventBatch.check(input.events)
        let address = LogGroupAddress(input.group, in: call)
        return try await logs.write { transaction in
            let group = try transaction.requireLogGroup(at: address)
            let stream = try transaction.requireLogStream(input.stream, of: group)
            let batch = try EventBatch(input.events, retentionDays: group.retentionDays, at: call.now)
            let number = try transaction.append(batch.accepted, to: stream, of: group, at: call.now)
            return Output(number: number, rejection: batch.rejection)
        }
    }
}
