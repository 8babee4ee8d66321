import ServiceKit

/// Adds tags to a log group; a key that is there already gets the new value.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html)
struct TagResource: AWSOperation {
    struct Input: InputShape {
        let resource: LogGroupARN
        let tags: [String: String]

        init(_ member: Members) throws {
            resource = try member("resourceArn")
            tags = try member("tags")
        }
    }

    let logs: LogStore

    func permissions(for input: Input, in call: Call) throws -> [Permission] {
        [Permission(on: try input.resource.address().arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = try input.resource.address()
        try await logs.write { transaction in
            guard let group = try transaction.logGroup(at: address) else { throw ServiceError.resourceDoesNotExist }
            try transaction.setTags(input.tags, of: group.id)
            guard try transaction.tags(of: group).count <= 50 else { throw ServiceError.tooManyTags }
        }
        return NoOutput()
    }
}
