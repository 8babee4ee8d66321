import ServiceKit

/// Shows the token an endpoint was sent, and so starts its deliveries.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html)
struct ConfirmSubscription: AWSOperation {
    struct Input: InputShape {
        let topic: TopicARN
        let token: String
        let authenticatesUnsubscribe: Bool

        init(_ member: Members) throws {
            topic = try member("TopicArn")
            token = try member("Token")
            let text: String? = try member("AuthenticateOnUnsubscribe")
            authenticatesUnsubscribe = text?.lowercased() == "true"
        }
    }

    struct Output: OutputShape {
        let arn: String
        func write(to json: inout JSONWriter) { json.member("SubscriptionArn", arn) }
    }

    let topics: TopicStore

    /// Whoever holds the token may, unless he wants unsubscribing to need credentials.
    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        guard input.authenticatesUnsubscribe || call.caller.kind != .anonymous else { return [] }
        return [try await topics.permission(on: input.topic.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let address = try input.topic.address(in: call)
        guard input.token.utf8.count >= 32 else { throw ServiceError.invalidParameter("Token") }
        let isAuthenticated = call.caller.kind != .anonymous
        let arn = try await topics.change(address) { transaction in
            let topic = try transaction.requireTopic(at: address)
            guard var subscription = try transaction.subscription(withToken: input.token, at: call.now),
                subscription.topic == topic.address
            else { throw ServiceError.invalidToken }
            guard subscription.isPending else { return subscription.arn }
            subscription.isPending = false
            subscription.wasAuthenticated = isAuthenticated
            if input.authenticatesUnsubscribe {
                try subscription.attributes.set(["AuthenticateOnUnsubscribe": "true"], isFIFO: topic.isFIFO)
            }
            try transaction.update(subscription)
            return subscription.arn
        }
        return Output(arn: arn)
    }
}
