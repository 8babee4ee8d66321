import ServiceKit

extension Channels {
    func mail(_ notification: Notification) async throws {
        let subscription = notification.subscription
        let subject = notification.message.subject ?? "AWS Notification Message"
        let token = "sns \(notification.message.id) \(subscription.suffix)"
        guard subscription.transport == .email else {
            return try await mail(notification.document, subject: subject, to: subscription, token: token)
        }
        let text = """
            \(notification.text)

            --
            If you wish to stop receiving notifications from this topic, please click or visit the link below to \
            unsubscribe:
            \(subscription.unsubscribeURL)
            """
        try await mail(text, subject: subject, to: subscription, token: token)
    }

    /// Hands a mail to the service that keeps and delivers it.
    ///
    /// - Parameter token: the same for every attempt, so that one notification is one mail.
    func mail(_ text: String, subject: String, to subscription: Subscription, token: String) async throws {
        let topic = subscription.topic
        try await call("apus.email", "QueueSystemEmail", for: topic, region: topic.region) { json in
            json.member("Token", token)
            json.member("To", subscription.endpoint)
            json.member("Subject", subject)
            json.member("Text", text)
        }
    }
}
