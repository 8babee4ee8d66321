import ServiceKit

extension Channels {
    /// Sends to the queue of a subscription, or to its dead-letter queue.
    func send(_ notification: Notification, toQueue queue: ARN) async throws {
        let subscription = notification.subscription
        let isRaw = subscription.attributes.isRaw
        try await send(
            isRaw ? notification.text : notification.document,
            attributes: isRaw && !notification.message.attributes.isEmpty ? notification.message.attributes : nil,
            to: queue, of: subscription, message: notification.message)
    }

    func send(
        _ body: String, attributes: PublishedAttributes?, to queue: ARN, of subscription: Subscription,
        message: Publication?
    ) async throws {
        try await call("sqs", "SendMessage", for: subscription.topic, region: queue.region) { json in
            // SQS reads account and name from the path, whatever the host.
            json.member("QueueUrl", "http://sqs/\(queue.account)/\(queue.resource)")
            json.member("MessageBody", body)
            json.member("MessageAttributes", attributes)
            json.member("MessageGroupId", message?.groupID)
            if queue.resource.hasSuffix(".fifo") { json.member("MessageDeduplicationId", message?.deduplicationID) }
        }
    }
}
