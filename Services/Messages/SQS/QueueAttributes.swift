import ServiceKit

/// What can be set on a queue. Times are whole seconds, sizes bytes.
struct QueueAttributes: Sendable, Equatable {
    var delaySeconds = 0
    var maximumMessageSize = MessageDraft.sizeLimit
    var retentionSeconds = 345_600
    var receiveWaitSeconds = 0
    var visibilityTimeoutSeconds = 30
    /// The resource policy's text, parsed where it is evaluated.
    var policy: String?
    var redrivePolicy: RedrivePolicy?
    var redriveAllowPolicy: RedriveAllowPolicy?
    var kmsMasterKeyID: String?
    var kmsDataKeyReuseSeconds = 300
    var isEncryptedBySQS = true

    // FIFO queues only.
    let isFIFO: Bool
    var deduplicatesByContent = false
    var deduplicationScope = DeduplicationScope.queue
    var throughputLimit = ThroughputLimit.perQueue

    enum DeduplicationScope: String, Sendable { case queue, messageGroup }
    enum ThroughputLimit: String, Sendable { case perQueue, perMessageGroupId }

    init(isFIFO: Bool) { self.isFIFO = isFIFO }

    /// - Throws: `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValue`
    mutating func set(_ values: [String: String]) throws {
        // In the order of names, so that of several faults the same one is reported each time.
        for (name, text) in values.sorted(by: { $0.key < $1.key }) { try set(name, text) }
        if throughputLimit == .perMessageGroupId, deduplicationScope != .messageGroup {
            throw ServiceError.invalidAttribute(
                "FifoThroughputLimit",
                because: "FifoThroughputLimit can be set to perMessageGroupId only when DeduplicationScope is "
                    + "messageGroup.")
        }
    }

    private mutating func set(_ name: String, _ text: String) throws {
        switch name {
        case "DelaySeconds": delaySeconds = try QueueAttributes.number(name, text, in: 0...900)
        case "MaximumMessageSize":
            maximumMessageSize = try QueueAttributes.number(name, text, in: 1024...MessageDraft.sizeLimit)
        case "MessageRetentionPeriod":
            retentionSeconds = try QueueAttributes.number(name, text, in: 60...1_209_600)
        case "ReceiveMessageWaitTimeSeconds":
            receiveWaitSeconds = try QueueAttributes.number(name, text, in: 0...20)
        case "VisibilityTimeout":
            visibilityTimeoutSeconds = try QueueAttributes.number(name, text, in: 0...43_200)
        case "Policy": policy = try QueueAttributes.policy(text)
        case "RedrivePolicy": redrivePolicy = text.isEmpty ? nil : try RedrivePolicy(text)
        case "RedriveAllowPolicy": redriveAllowPolicy = text.isEmpty ? nil : try RedriveAllowPolicy(text)
        case "KmsMasterKeyId":
            kmsMasterKeyID = text.isEmpty ? nil : text
            if !text.isEmpty { isEncryptedBySQS = false }
        case "KmsDataKeyReusePeriodSeconds":
            kmsDataKeyReuseSeconds = try QueueAttributes.number(name, text, in: 60...86_400)
        case "SqsManagedSseEnabled":
            isEncryptedBySQS = try QueueAttributes.flag(name, text)
            if isEncryptedBySQS { kmsMasterKeyID = nil }
        default: try setFIFO(name, text)
        }
    }

    private mutating func setFIFO(_ name: String, _ text: String) throws {
        switch name {
        case "FifoQueue":
            guard isFIFO else { throw ServiceError.unknownAttribute(name) }
            guard try QueueAttributes.flag(name, text) else {
                throw ServiceError.invalidAttribute(name, because: "Modifying queue type is not supported.")
            }
        case "ContentBasedDeduplication":
            guard isFIFO else { throw ServiceError.unknownAttribute(name) }
            deduplicatesByContent = try QueueAttributes.flag(name, text)
        case "DeduplicationScope":
            guard isFIFO else { throw ServiceError.fifoOnlyAttribute(name) }
            deduplicationScope = try QueueAttributes.choice(name, text)
        case "FifoThroughputLimit":
            guard isFIFO else { throw ServiceError.fifoOnlyAttribute(name) }
            throughputLimit = try QueueAttributes.choice(name, text)
        default: throw ServiceError.unknownAttribute(name)
        }
    }

    private static func number(_ name: String, _ text: String, in range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(text), range.contains(number) else { throw ServiceError.invalidAttribute(name) }
        return number
    }

    private static func flag(_ name: String, _ text: String) throws -> Bool {
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default: throw ServiceError.invalidAttribute(name)
        }
    }

    private static func choice<Choice: RawRepresentable<String>>(_ name: String, _ text: String) throws -> Choice {
        guard let choice = Choice(rawValue: text) else { throw ServiceError.invalidAttribute(name) }
        return choice
    }

    /// An empty text takes the policy away.
    private static func policy(_ text: String) throws -> String? {
        if text.isEmpty { return nil }
        do {
            _ = try Policy.parse(Array(text.utf8))
        } catch {
            throw ServiceError.invalidAttribute("Policy")
        }
        return text
    }
}
