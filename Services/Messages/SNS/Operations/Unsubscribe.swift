import ServiceKit

/// Ends a subscription; what was not delivered yet is not.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html)
struct Unsubscribe: AWSOperation {
    let topics: TopicStore

    /// The link in every notification carries no credentials.
    func permissions(for input: SubscriptionInput, in call: Call) async throws -> [Permission] {
        try input.subscription.check()
        guard let subscription = try await topics.read({ try $0.subscription(input.subscription) }) else { return [] }
        if call.caller.kind == .anonymous, !subscription.attributes.authenticatesUnsubscribe { return [] }
        return [try await topics.permission(on: subscription.topic)]
    }

    func perform(_ input: SubscriptionInput, in call: Call) async throws -> NoOutput {
        guard let address = input.subscription.topic else { return NoOutput() }
        try await topics.change(address) { transaction in
            guard let subscription = try transaction.subscription(input.subscription) else { return }
            try transaction.delete(subscription)
        }
        return NoOutput()
    }
}
