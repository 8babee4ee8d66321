import ServiceKit

/// One message, or one request to confirm, that one endpoint is still to get.
struct Delivery: Sendable {
    enum Content: Sendable {
        case message(Publication, row: Int64)
        case confirmation(token: String)
    }

    let id: Int64
    let subscription: Subscription
    let content: Content
    /// `1` or `2`: how the topic signs.
    let signatureVersion: String
    /// Attempts that failed.
    var attempts: Int
    /// Given up by the endpoint; now the dead-letter queue is to get it.
    let isDead: Bool

    var messageRow: Int64? {
        if case .message(_, let row) = content { row } else { nil }
    }

    var retries: RetryPolicy {
        if isDead { return .managed }
        return subscription.attributes.retries ?? subscription.transport.standardRetries
    }
}

/// Why an endpoint did not take a message.
enum DeliveryFailure: Error, Sendable {
    /// It may take it later.
    case temporary(String)
    /// It will not take it.
    case permanent(String)
}
