import ServiceKit

/// Creates a log stream in a group.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html)
struct CreateLogStream: AWSOperation {
    let logs: LogStore

    func permissions(for input: LogStreamInput, in call: Call) -> [Permission] {
        [LogGroupAddress(input.group, in: call).permission()]
    }

    func perform(_ input: LogStreamInput, in call: Call) async throws -> NoOutput {
        let address = LogGroupAddress(input.group, in: call)
        try await logs.write { transaction in
            let group = try transaction.requireLogGroup(at: address)
            guard try transaction.logStream(input.stream, of: group) == nil else { throw ServiceError.logStreamExists }
            try transaction.insertLogStream(input.stream, of: group, at: call.now)
        }
        return NoOutput()
    }
}
