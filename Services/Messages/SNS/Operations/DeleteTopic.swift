import ServiceKit

/// Deletes a topic with its subscriptions; one that is not there is no error.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html)
struct DeleteTopic: AWSOperation {
    let topics: TopicStore

    func permissions(for input: TopicInput, in call: Call) async throws -> [Permission] {
        [try await topics.permission(on: input.topic.address(in: call))]
    }

    func perform(_ input: TopicInput, in call: Call) async throws -> NoOutput {
        let address = try input.topic.address(in: call)
        try await topics.change(address) { transaction in
            if let topic = try transaction.topic(at: address) { try transaction.delete(topic) }
        }
        return NoOutput()
    }
}
