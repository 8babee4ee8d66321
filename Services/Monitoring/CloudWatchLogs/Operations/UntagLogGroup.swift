import ServiceKit

/// Takes tags off a log group by its name; superseded by UntagResource.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UntagLogGroup.html)
struct UntagLogGroup: AWSOperation {
    struct Input: InputShape {
        let name: String
        let keys: [String]

        init(_ member: Members) throws {
            name = try member("logGroupName")
            keys = try member("tags")
        }
    }

    let logs: LogStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [LogGroupAddress(input.name, in: call).permission()]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = LogGroupAddress(input.name, in: call)
        try await logs.write { transaction in
            try transaction.removeTags(input.keys, of: transaction.requireLogGroup(at: address))
        }
        return NoOutput()
    }
}
