import ServiceKit

/// Deletes a log group with its streams and events.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html)
struct DeleteLogGroup: AWSOperation {
    let logs: LogStore

    func permissions(for input: LogGroupInput, in call: Call) -> [Permission] {
        [LogGroupAddress(input.name, in: call).permission()]
    }

    func perform(_ input: LogGroupInput, in call: Call) async throws -> NoOutput {
        let address = LogGroupAddress(input.name, in: call)
        try await logs.write { transaction in
            try transaction.markDeleted(transaction.requireLogGroup(at: address), at: call.now)
        }
        return NoOutput()
    }
}
