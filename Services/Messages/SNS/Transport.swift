import HTTP
import ServiceKit

/// How a subscription is reached: the protocol, in AWS's word.
enum Transport: String, Sendable, SQLValue {
    case http, https, email, lambda, sqs
    case emailJSON = "email-json"

    /// - Throws: `InvalidParameterException` for a protocol that is none, or that Apus does not deliver by.
    init(named name: String) throws {
        if let transport = Transport(rawValue: name) {
            self = transport
            return
        }
        guard ["sms", "application", "firehose"].contains(name) else {
            throw ServiceError.invalidParameter("Amazon SNS does not support this protocol string: \(name)")
        }
        throw ServiceError.invalidParameter("Protocol Reason: Apus does not deliver by \(name)")
    }

    /// - Throws: `InvalidParameterException` for an endpoint that is none of this protocol.
    func check(_ endpoint: String, of topic: TopicAddress) throws {
        switch self {
        case .http, .https:
            guard endpoint.hasPrefix("\(rawValue)://"), endpoint.utf8.count > rawValue.utf8.count + 3 else {
                throw ServiceError.invalidParameter(
                    "Endpoint must match the specified protocol")
            }
        case .email, .emailJSON:
            let parts = endpoint.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
                throw ServiceError.invalidParameter("Email address")
            }
        case .lambda:
            guard ARN(endpoint)?.service == "lambda" else {
                throw ServiceError.invalidParameter("Lambda endpoint ARN")
            }
        case .sqs:
            guard let arn = ARN(endpoint), arn.service == "sqs" else {
                throw ServiceError.invalidParameter("SQS endpoint ARN")
            }
            guard topic.isFIFO || !arn.resource.hasSuffix(".fifo") else {
                throw ServiceError.invalidParameter(
                    "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics")
            }
        }
    }

    /// Refuses at once what a delivery would not be sent to; names are resolved when they are needed.
    ///
    /// - Throws: `InvalidParameterException`
    func checkAddress(in endpoint: String, _ addresses: OutboundAddresses) throws {
        guard self == .http || self == .https else { return }
        guard let origin = Origin.parse(url: endpoint)?.origin else {
            throw ServiceError.invalidParameter("Endpoint Reason: no valid URL")
        }
        let numeric = origin.host.hasSuffix("localhost") ? "127.0.0.1" : origin.host
        guard IPNetwork(numeric) == nil || addresses.admits(numeric) else {
            throw ServiceError.invalidParameter("Not authorized to subscribe internal endpoints")
        }
    }

    /// Whether the endpoint's owner must agree before anything is delivered; ours are known to.
    func needsConfirmation(_ endpoint: String, from account: String) -> Bool {
        switch self {
        case .http, .https, .email, .emailJSON: true
        case .lambda, .sqs: ARN(endpoint)?.account != account
        }
    }

    var standardRetries: RetryPolicy {
        switch self {
        case .http, .https: RetryPolicy()
        case .email, .emailJSON: .email
        case .lambda, .sqs: .managed
        }
    }
}
