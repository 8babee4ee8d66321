import ServiceKit

/// Changes one setting of a subscription.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html)
struct SetSubscriptionAttributes: AWSOperation {
    struct Input: InputShape {
        let subscription: SubscriptionARN
        let name: String
        let value: String

        init(_ member: Members) throws {
            subscription = try member("SubscriptionArn")
            name = try member("AttributeName")
            value = try member("AttributeValue") ?? ""
        }
    }

    let topics: TopicStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try input.subscription.check()
        guard let topic = input.subscription.topic else { throw ServiceError.subscriptionDoesNotExist }
        return [try await topics.permission(on: topic)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        guard let address = input.subscription.topic else { throw ServiceError.subscriptionDoesNotExist }
        try await topics.change(address) { transaction in
            guard var subscription = try transaction.subscription(input.subscription) else {
                throw ServiceError.subscriptionDoesNotExist
            }
            try subscription.attributes.set([input.name: input.value], isFIFO: address.isFIFO)
            try transaction.update(subscription)
        }
        return NoOutput()
    }
}
