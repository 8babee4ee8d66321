import ServiceKit

/// Tells a subscription's settings.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html)
struct GetSubscriptionAttributes: AWSOperation {
    struct Output: OutputShape {
        let attributes: [String: String]
        func write(to json: inout JSONWriter) { json.member("Attributes", attributes) }
    }

    let topics: TopicStore

    func permissions(for input: SubscriptionInput, in call: Call) async throws -> [Permission] {
        try input.subscription.check()
        guard let topic = input.subscription.topic else { throw ServiceError.subscriptionDoesNotExist }
        return [try await topics.permission(on: topic)]
    }

    func perform(_ input: SubscriptionInput, in call: Call) async throws -> Output {
        guard let subscription = try await topics.read({ try $0.subscription(input.subscription) }) else {
            throw ServiceError.subscriptionDoesNotExist
        }
        return Output(attributes: subscription.text)
    }
}
