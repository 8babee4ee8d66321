import ServiceKit

/// Takes tags off a topic.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_UntagResource.html)
struct UntagResource: AWSOperation {
    struct Input: InputShape {
        let topic: TopicARN
        let keys: [String]

        init(_ member: Members) throws {
            topic = try member("ResourceArn")
            keys = try member("TagKeys")
        }
    }

    let topics: TopicStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await topics.permission(on: input.topic.address(in: call, parameter: "ResourceArn"))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = try input.topic.address(in: call, parameter: "ResourceArn")
        try await topics.write { transaction in
            guard let topic = try transaction.topic(at: address) else { throw ServiceError.resourceDoesNotExist }
            try transaction.removeTags(input.keys, of: topic)
        }
        return NoOutput()
    }
}
