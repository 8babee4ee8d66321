import ServiceKit

/// Lists a log group's tags by its name; superseded by ListTagsForResource.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsLogGroup.html)
struct ListTagsLogGroup: AWSOperation {
    let logs: LogStore

    func permissions(for input: LogGroupInput, in call: Call) -> [Permission] {
        [LogGroupAddress(input.name, in: call).permission()]
    }

    func perform(_ input: LogGroupInput, in call: Call) async throws -> TagsOutput {
        let address = LogGroupAddress(input.name, in: call)
        return try await logs.read { snapshot in
            TagsOutput(tags: try snapshot.tags(of: snapshot.requireLogGroup(at: address)))
        }
    }
}
