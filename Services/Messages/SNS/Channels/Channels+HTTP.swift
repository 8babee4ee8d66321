import ServiceKit

/// Posts a body to a URL and answers the status.
protocol HTTPPoster: Sendable {
    /// - Throws: where no answer came.
    func post(_ body: [UInt8], to url: String, fields: [(name: String, value: String)]) async throws -> Int
}

extension Channels {
    func post(_ notification: Notification) async throws {
        let isRaw = notification.subscription.attributes.isRaw
        var fields = fields(of: "Notification", notification.message.id, notification.subscription)
        if isRaw { fields.append(("x-amz-sns-rawdelivery", "true")) }
        try await post(isRaw ? notification.text : notification.document, to: notification.subscription, fields)
    }

    func post(_ confirmation: Confirmation) async throws {
        let fields = fields(of: "SubscriptionConfirmation", confirmation.id, confirmation.subscription)
        try await post(confirmation.document, to: confirmation.subscription, fields)
    }

    private func fields(
        of type: String, _ id: String, _ subscription: Subscription
    ) -> [(name: String, value: String)] {
        [
            ("x-amz-sns-message-type", type), ("x-amz-sns-message-id", id),
            ("x-amz-sns-topic-arn", subscription.topic.arn.description),
            ("x-amz-sns-subscription-arn", subscription.arn), ("Content-Type", "text/plain; charset=UTF-8"),
            ("User-Agent", "Amazon Simple Notification Service Agent"),
        ]
    }

    private func post(
        _ text: String, to subscription: Subscription, _ fields: [(name: String, value: String)]
    ) async throws {
        let status: Int
        do {
            status = try await http.post(Array(text.utf8), to: subscription.endpoint, fields: fields)
        } catch let error as DeliveryFailure {
            throw error
        } catch {
            throw DeliveryFailure.temporary("\(error)")
        }
        switch status {
        case 200..<300: return
        // What the endpoint says of the request itself will not change by asking again.
        case 400..<500 where status != 429: throw DeliveryFailure.permanent("status \(status)")
        default: throw DeliveryFailure.temporary("status \(status)")
        }
    }
}
