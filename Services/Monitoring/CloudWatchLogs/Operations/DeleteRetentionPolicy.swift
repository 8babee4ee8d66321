import ServiceKit

/// Lets a group keep its events for ever.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteRetentionPolicy.html)
struct DeleteRetentionPolicy: AWSOperation {
    let logs: LogStore

    func permissions(for input: LogGroupInput, in call: Call) -> [Permission] {
        [LogGroupAddress(input.name, in: call).permission()]
    }

    func perform(_ input: LogGroupInput, in call: Call) async throws -> NoOutput {
        let address = LogGroupAddress(input.name, in: call)
        try await logs.write { transaction in
            try transaction.setRetention(of: transaction.requireLogGroup(at: address), days: nil)
        }
        return NoOutput()
    }
}
