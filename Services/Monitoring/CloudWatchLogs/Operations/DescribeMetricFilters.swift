import ServiceKit

/// Lists metric filters: none, because Apus cannot make any yet.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeMetricFilters.html)
struct DescribeMetricFilters: AWSOperation {
    struct Input: InputShape {
        let group: String?
        init(_ member: Members) throws { group = try member("logGroupName") }
    }

    struct Output: OutputShape {
        func write(to json: inout JSONWriter) { json.member("metricFilters", [String]()) }
    }

    let logs: LogStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [LogGroupAddress(input.group ?? "", in: call).permission()]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        if let name = input.group {
            _ = try await logs.read { try $0.requireLogGroup(at: LogGroupAddress(name, in: call)) }
        }
        return Output()
    }
}
