import ServiceKit

/// Tells a topic's settings and how many subscriptions it has.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html)
struct GetTopicAttributes: AWSOperation {
    struct Output: OutputShape {
        let attributes: [String: String]
        func write(to json: inout JSONWriter) { json.member("Attributes", attributes) }
    }

    let topics: TopicStore

    func permissions(for input: TopicInput, in call: Call) async throws -> [Permission] {
        [try await topics.permission(on: input.topic.address(in: call))]
    }

    func perform(_ input: TopicInput, in call: Call) async throws -> Output {
        let address = try input.topic.address(in: call)
        return try await topics.read { snapshot in
            let topic = try snapshot.requireTopic(at: address)
            return Output(attributes: topic.text(with: try snapshot.counts(of: topic)))
        }
    }
}
