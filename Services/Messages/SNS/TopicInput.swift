import ServiceKit

/// The input of operations that name a topic and nothing else.
struct TopicInput: InputShape {
    let topic: TopicARN

    init(_ member: Members) throws { topic = try member("TopicArn") }
}

/// The input of operations that name a subscription and nothing else.
struct SubscriptionInput: InputShape {
    let subscription: SubscriptionARN

    init(_ member: Members) throws { subscription = try member("SubscriptionArn") }
}
