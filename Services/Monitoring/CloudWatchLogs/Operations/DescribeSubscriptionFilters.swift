import ServiceKit

/// Lists subscription filters: none, because Apus cannot make any yet.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeSubscriptionFilters.html)
struct DescribeSubscriptionFilters: AWSOperation {
    struct Output: OutputShape {
        func write(to json: inout JSONWriter) { json.member("subscriptionFilters", [String]()) }
    }

    let logs: LogStore

    func permissions(for input: LogGroupInput, in call: Call) -> [Permission] {
        [LogGroupAddress(input.name, in: call).permission()]
    }

    func perform(_ input: LogGroupInput, in call: Call) async throws -> Output {
        _ = try await logs.read { try $0.requireLogGroup(at: LogGroupAddress(input.name, in: call)) }
        return Output()
    }
}
