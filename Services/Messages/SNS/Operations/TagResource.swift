import ServiceKit

/// Adds tags to a topic; a key that is there already gets the new value.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_TagResource.html)
struct TagResource: AWSOperation {
    struct Input: InputShape {
        let topic: TopicARN
        let tags: [Tag]

        init(_ member: Members) throws {
            topic = try member("ResourceArn")
            tags = try member("Tags")
        }
    }

    let topics: TopicStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await topics.permission(on: input.topic.address(in: call, parameter: "ResourceArn"))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = try input.topic.address(in: call, parameter: "ResourceArn")
        try Tag.check(input.tags)
        try await topics.write { transaction in
            guard let topic = try transaction.topic(at: address) else { throw ServiceError.resourceDoesNotExist }
            try transaction.setTags(input.tags, of: topic)
            guard try transaction.tags(of: topic).count <= Tag.limit else { throw ServiceError.tooManyTags }
        }
        return NoOutput()
    }
}
