import ServiceKit

/// Sets for how many days a group keeps its events.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html)
struct PutRetentionPolicy: AWSOperation {
    struct Input: InputShape {
        let name: String
        let days: Int

        init(_ member: Members) throws {
            name = try member("logGroupName")
            days = try member("retentionInDays")
        }
    }

    let logs: LogStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [LogGroupAddress(input.name, in: call).permission()]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try RetentionDays.check(input.days)
        let address = LogGroupAddress(input.name, in: call)
        try await logs.write { transaction in
            try transaction.setRetention(of: transaction.requireLogGroup(at: address), days: input.days)
        }
        return NoOutput()
    }
}
