import ServiceKit

/// An endpoint that wants a topic's messages.
struct Subscription: Sendable {
    let id: Int64
    let topic: TopicAddress
    /// What stands after the topic in its ARN.
    let suffix: String
    let owner: String
    let principal: String
    let transport: Transport
    let endpoint: String
    var attributes: SubscriptionAttributes
    /// Nothing is delivered until its endpoint has shown the token it was sent.
    var isPending: Bool
    var wasAuthenticated: Bool
    /// Where the subscriber reaches Apus, for links in confirmations.
    let origin: String

    var arn: String { "\(topic.arn):\(suffix)" }

    /// How lists name it.
    var listedARN: String { isPending ? "PendingConfirmation" : arn }

    var text: [String: String] {
        var text = attributes.text
        text["SubscriptionArn"] = arn
        text["TopicArn"] = topic.arn.description
        text["Owner"] = owner
        text["Protocol"] = transport.rawValue
        text["Endpoint"] = endpoint
        text["SubscriptionPrincipal"] = principal
        text["PendingConfirmation"] = "\(isPending)"
        text["ConfirmationWasAuthenticated"] = "\(wasAuthenticated)"
        text["RawMessageDelivery"] = "\(attributes.isRaw)"
        return text
    }

    /// A lane keeps deliveries in order: FIFO topics deliver a group's messages to one subscriber one by one.
    func lane(of message: Publication) -> String? {
        topic.isFIFO ? message.groupID.map { "\(id) \($0)" } : nil
    }
}
