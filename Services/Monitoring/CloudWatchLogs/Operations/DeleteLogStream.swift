import ServiceKit

/// Deletes a log stream with its events.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogStream.html)
struct DeleteLogStream: AWSOperation {
    let logs: LogStore

    func permissions(for input: LogStreamInput, in call: Call) -> [Permission] {
        [Permission(on: LogGroupAddress(input.group, in: call).streamARN(input.stream))]
    }

    func perform(_ input: LogStreamInput, in call: Call) async throws -> NoOutput {
        let address = LogGroupAddress(input.group, in: call)
        try await logs.write { transaction in
            let group = try transaction.requireLogGroup(at: address)
            try transaction.markDeleted(transaction.requireLogStream(input.stream, of: group), at: call.now)
        }
        return NoOutput()
    }
}
