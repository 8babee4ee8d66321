import ServiceKit

/// The document that asks an endpoint whether it wants to be subscribed.
struct Confirmation {
    let id: String
    let token: String
    let subscription: Subscription
    let created: Timestamp
    let signature: Notification.Signature

    init(
        of subscription: Subscription, token: String, id: String, at created: Timestamp, signedBy signer: Signer
    ) throws {
        self.id = id
        self.token = token
        self.subscription = subscription
        self.created = created
        let parts = [
            "Message", Confirmation.message(subscription), "MessageId", id,
            "SubscribeURL", Confirmation.url(subscription, token), "Timestamp", created.iso8601(milliseconds: true),
            "Token", token, "TopicArn", subscription.topic.arn.description, "Type", "SubscriptionConfirmation",
        ]
        signature = try signer.signature(of: parts.joined(separator: "\n") + "\n")
    }

    var document: String {
        var json = JSONWriter()
        json.object { json in
            json.member("Type", "SubscriptionConfirmation")
            json.member("MessageId", id)
            json.member("Token", token)
            json.member("TopicArn", subscription.topic.arn)
            json.member("Message", Confirmation.message(subscription))
            json.member("SubscribeURL", url)
            json.member("Timestamp", created.iso8601(milliseconds: true))
            json.member("SignatureVersion", signature.version)
            json.member("Signature", signature.value)
            json.member("SigningCertURL", "\(subscription.origin)/\(signature.certificateName)")
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The text of the mail to a person.
    var mail: String {
        """
        You have chosen to subscribe to the topic:
        \(subscription.topic.arn)

        To confirm this subscription, click or visit the link below (If this was in error no action is necessary):
        \(url)
        """
    }

    var url: String { Confirmation.url(subscription, token) }

    private static func url(_ subscription: Subscription, _ token: String) -> String {
        "\(subscription.url("ConfirmSubscription"))&TopicArn=\(subscription.topic.arn)&Token=\(token)"
    }

    private static func message(_ subscription: Subscription) -> String {
        "You have chosen to subscribe to the topic \(subscription.topic.arn).\n"
            + "To confirm the subscription, visit the SubscribeURL included in this message."
    }
}
