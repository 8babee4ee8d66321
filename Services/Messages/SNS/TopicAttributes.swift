import ServiceKit

/// What can be set on a topic, by AWS's names.
struct TopicAttributes: Sendable, Equatable {
    private(set) var text: [String: String]

    init(_ text: [String: String] = [:]) { self.text = text }

    subscript(name: String) -> String? { text[name] }

    var deduplicatesByContent: Bool { text["ContentBasedDeduplication"] == "true" }
    /// Deduplication per group rather than per topic.
    var isScopedToGroup: Bool { text["FifoThroughputScope"] == "MessageGroup" }
    /// `1` signs with SHA-1, `2` with SHA-256.
    var signatureVersion: String { text["SignatureVersion"] ?? "1" }

    /// - Throws: `InvalidParameterException`, its message after `prefix`
    mutating func set(_ name: String, _ value: String, prefix: String = "") throws {
        func refuse(_ reason: String) -> ServiceError { .invalidParameter("\(prefix)\(name) Reason: \(reason)") }
        guard TopicAttributes.names.contains(name) || TopicAttributes.isFeedback(name) else {
            throw ServiceError.invalidParameter("\(prefix)AttributeName")
        }
        switch name {
        case "Policy" where !value.isEmpty:
            guard (try? Policy.parse(Array(value.utf8))) != nil else {
                throw ServiceError.invalidParameter("\(prefix)Policy Error: null")
            }
        case "DeliveryPolicy" where !value.isEmpty: _ = try RetryPolicy(topicPolicy: value, prefix: prefix)
        case "FifoTopic", "ContentBasedDeduplication":
            guard ["true", "false"].contains(value.lowercased()) else { throw refuse("must be true or false") }
        case "SignatureVersion":
            guard ["1", "2"].contains(value) else { throw refuse("must be 1 or 2") }
        case "FifoThroughputScope":
            guard ["Topic", "MessageGroup"].contains(value) else { throw refuse("must be Topic or MessageGroup") }
        case "TracingConfig":
            guard ["PassThrough", "Active"].contains(value) else { throw refuse("must be PassThrough or Active") }
        default: break
        }
        text[name] = value.isEmpty ? nil : TopicAttributes.flags.contains(name) ? value.lowercased() : value
    }

    private static let flags: Set<String> = ["FifoTopic", "ContentBasedDeduplication"]
    private static let names: Set<String> = [
        "DeliveryPolicy", "DisplayName", "FifoTopic", "Policy", "TracingConfig", "KmsMasterKeyId", "SignatureVersion",
        "ArchivePolicy", "ContentBasedDeduplication", "FifoThroughputScope",
    ]

    /// Delivery status logging: `LambdaSuccessFeedbackRoleArn`, `HTTPSuccessFeedbackSampleRate`, …
    private static func isFeedback(_ name: String) -> Bool {
        name.hasSuffix("FeedbackRoleArn") || name.hasSuffix("FeedbackSampleRate")
    }
}
