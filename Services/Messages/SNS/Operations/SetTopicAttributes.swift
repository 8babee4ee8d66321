import ServiceKit

/// Changes one setting of a topic; an empty value takes it away.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html)
struct SetTopicAttributes: AWSOperation {
    struct Input: InputShape {
        let topic: TopicARN
        let name: String
        let value: String

        init(_ member: Members) throws {
            topic = try member("TopicArn")
            name = try member("AttributeName")
            value = try member("AttributeValue") ?? ""
        }
    }

    let topics: TopicStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await topics.permission(on: input.topic.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = try input.topic.address(in: call)
        // What a topic is cannot be changed once it exists.
        guard input.name != "FifoTopic" else { throw ServiceError.invalidParameter("AttributeName") }
        try await topics.change(address) { transaction in
            var topic = try transaction.requireTopic(at: address)
            guard topic.isFIFO || input.name != "ContentBasedDeduplication" else {
                throw ServiceError.invalidParameter("Content-based deduplication can only be set on FIFO topics")
            }
            try topic.attributes.set(input.name, input.value)
            try transaction.update(topic)
        }
        return NoOutput()
    }
}
