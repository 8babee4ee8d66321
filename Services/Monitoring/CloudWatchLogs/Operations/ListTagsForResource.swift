import ServiceKit

/// Lists a log group's tags.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsForResource.html)
struct ListTagsForResource: AWSOperation {
    struct Input: InputShape {
        let resource: LogGroupARN
        init(_ member: Members) throws { resource = try member("resourceArn") }
    }

    let logs: LogStore

    func permissions(for input: Input, in call: Call) throws -> [Permission] {
        [Permission(on: try input.resource.address().arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> TagsOutput {
        let address = try input.resource.address()
        return try await logs.read { snapshot in
            guard let group = try snapshot.logGroup(at: address) else { throw ServiceError.resourceDoesNotExist }
            return TagsOutput(tags: try snapshot.tags(of: group))
        }
    }
}
