import ServiceKit

/// What can be set on a subscription, by AWS's names.
struct SubscriptionAttributes: Sendable {
    private(set) var text: [String: String] = [:]
    private(set) var filter: FilterPolicy?
    private(set) var retries: RetryPolicy?
    private(set) var deadLetterTarget: ARN?

    var isRaw: Bool { text["RawMessageDelivery"] == "true" }
    /// Whether only the subscriber's account may unsubscribe, rather than whoever has the link.
    var authenticatesUnsubscribe: Bool { text["AuthenticateOnUnsubscribe"] == "true" }

    init() {}

    /// Reads what was set before.
    init(stored: [String: String], isFIFO: Bool) throws {
        try set(stored, isFIFO: isFIFO)
    }

    /// - Throws: `InvalidParameterException`, its message after `prefix`
    mutating func set(_ values: [String: String], isFIFO: Bool, prefix: String = "") throws {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { try set(name, value, isFIFO, prefix) }
        try compileFilter(prefix)
    }

    private mutating func set(_ name: String, _ value: String, _ isFIFO: Bool, _ prefix: String) throws {
        switch name {
        case "RawMessageDelivery":
            guard ["true", "false"].contains(value.lowercased()) else {
                throw ServiceError.invalidParameter(
                    "\(prefix)RawMessageDelivery: Invalid value [\(value)]. Must be true or false.")
            }
            text[name] = value.lowercased()
            return
        case "FilterPolicyScope":
            guard FilterPolicy.Scope(rawValue: value) != nil else {
                throw ServiceError.invalidParameter(
                    "\(prefix)FilterPolicyScope: Invalid value [\(value)]. Please use either MessageBody or "
                        + "MessageAttributes")
            }
        case "DeliveryPolicy":
            retries = value.isEmpty ? nil : try RetryPolicy(subscriptionPolicy: value, prefix: prefix)
        case "RedrivePolicy":
            deadLetterTarget = value.isEmpty ? nil : try SubscriptionAttributes.target(of: value, isFIFO, prefix)
        case "FilterPolicy", "SubscriptionRoleArn", "AuthenticateOnUnsubscribe", "ReplayPolicy": break
        default: throw ServiceError.invalidParameter("\(prefix)AttributeName")
        }
        text[name] = value.isEmpty ? nil : value
    }

    private mutating func compileFilter(_ prefix: String) throws {
        filter = nil
        guard let policy = text["FilterPolicy"] else { return }
        if text["FilterPolicyScope"] == nil { text["FilterPolicyScope"] = FilterPolicy.Scope.attributes.rawValue }
        let scope = text["FilterPolicyScope"].flatMap(FilterPolicy.Scope.init) ?? .attributes
        let compiled = try FilterPolicy(policy, scope: scope, prefix: prefix)
        // `{}` lets everything through.
        filter = compiled.root.conditions.isEmpty ? nil : compiled
    }

    private static func target(of policy: String, _ isFIFO: Bool, _ prefix: String) throws -> ARN {
        guard let document = try? JSONDocument(Array(policy.utf8)).root, document.kind == .object else {
            throw ServiceError.invalidParameter("\(prefix)RedrivePolicy: failed to parse JSON.")
        }
        guard let arn = (document["deadLetterTargetArn"]?.string).flatMap(ARN.init), arn.service == "sqs" else {
            throw ServiceError.invalidParameter("\(prefix)RedrivePolicy: deadLetterTargetArn is an invalid arn")
        }
        guard !isFIFO || arn.resource.hasSuffix(".fifo") else {
            throw ServiceError.invalidParameter(
                "\(prefix)RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.")
        }
        return arn
    }
}
