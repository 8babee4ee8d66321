import ServiceKit

/// The ways out: one for each kind of endpoint.
struct Channels: Sendable {
    let topics: TopicStore
    let client: ServiceClient
    let http: any HTTPPoster
    let clock: any WallClock

    /// - Throws: `DeliveryFailure`
    func send(_ delivery: Delivery) async throws {
        let signer = Signer(key: try await topics.signingKey(at: clock.now), version: delivery.signatureVersion)
        let subscription = delivery.subscription
        switch delivery.content {
        case .confirmation(let token):
            let confirmation = try Confirmation(
                of: subscription, token: token, id: Identifier.uuid(), at: clock.now, signedBy: signer)
            try await send(confirmation, to: subscription)
        case .message(let message, let row):
            // FIFO topics number their messages and do not sign them.
            let isFIFO = subscription.topic.isFIFO
            let sequence = isFIFO ? Published(messageID: message.id, sequence: row).sequenceNumber : nil
            let notification = try Notification(
                message, sequence: sequence, to: subscription, signedBy: isFIFO ? nil : signer)
            if delivery.isDead, let target = subscription.attributes.deadLetterTarget {
                try await send(notification, toQueue: target)
            } else {
                try await send(notification)
            }
        }
    }

    private func send(_ notification: Notification) async throws {
        let subscription = notification.subscription
        switch subscription.transport {
        case .sqs:
            guard let queue = ARN(subscription.endpoint) else { throw DeliveryFailure.permanent("no ARN") }
            try await send(notification, toQueue: queue)
        case .lambda: try await invoke(subscription.endpoint, with: notification)
        case .http, .https: try await post(notification)
        case .email, .emailJSON: try await mail(notification)
        }
    }

    private func send(_ confirmation: Confirmation, to subscription: Subscription) async throws {
        switch subscription.transport {
        case .http, .https: try await post(confirmation)
        case .email, .emailJSON:
            let text = subscription.transport == .email ? confirmation.mail : confirmation.document
            try await mail(
                text, subject: "AWS Notification - Subscription Confirmation", to: subscription,
                token: "sns \(confirmation.token)")
        case .sqs:
            guard let queue = ARN(subscription.endpoint) else { throw DeliveryFailure.permanent("no ARN") }
            try await send(confirmation.document, attributes: nil, to: queue, of: subscription, message: nil)
        // A function of another account cannot be asked; it confirms by the token its owner was given.
        case .lambda: break
        }
    }

    /// Calls another service as SNS on behalf of a topic; resource policies see which.
    func call(
        _ service: String, _ operation: String, for topic: TopicAddress, region: String,
        input: (inout JSONWriter) -> Void
    ) async throws {
        var caller = Caller.service("sns.amazonaws.com")
        caller.context = ["aws:SourceArn": [topic.arn.description], "aws:SourceAccount": [topic.account]]
        var options = ServiceClient.Options()
        options.region = region
        do {
            _ = try await client.call(service, operation, as: caller, options: options, input: input)
        } catch let error as ServiceError {
            let isTemporary = error.status >= 500 || error.status == 429 || error.code.contains("Throttl")
            let text = "\(error.code): \(error.message)"
            throw isTemporary ? DeliveryFailure.temporary(text) : DeliveryFailure.permanent(text)
        }
    }
}
