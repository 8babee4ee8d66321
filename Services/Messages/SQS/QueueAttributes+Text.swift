import ServiceKit

/// The attributes under AWS's names, as `GetQueueAttributes` answers and the store keeps them.
extension QueueAttributes {
    var text: [String: String] {
        var text = [
            "DelaySeconds": "\(delaySeconds)",
            "MaximumMessageSize": "\(maximumMessageSize)",
            "MessageRetentionPeriod": "\(retentionSeconds)",
            "ReceiveMessageWaitTimeSeconds": "\(receiveWaitSeconds)",
            "VisibilityTimeout": "\(visibilityTimeoutSeconds)",
            "SqsManagedSseEnabled": "\(isEncryptedBySQS)",
        ]
        text["Policy"] = policy
        text["RedrivePolicy"] = redrivePolicy?.text
        text["RedriveAllowPolicy"] = redriveAllowPolicy?.text
        if let kmsMasterKeyID {
            text["KmsMasterKeyId"] = kmsMasterKeyID
            text["KmsDataKeyReusePeriodSeconds"] = "\(kmsDataKeyReuseSeconds)"
        }
        if isFIFO {
            text["FifoQueue"] = "true"
            text["ContentBasedDeduplication"] = "\(deduplicatesByContent)"
            text["DeduplicationScope"] = deduplicationScope.rawValue
            text["FifoThroughputLimit"] = throughputLimit.rawValue
        }
        return text
    }

    /// Reads what `text` wrote.
    init(stored: [String: String]) throws {
        self.init(isFIFO: stored["FifoQueue"] != nil)
        try set(stored)
    }

    /// The first of `wanted`, by name, that these attributes differ in.
    func firstDifference(to wanted: QueueAttributes, among names: some Sequence<String>) -> String? {
        let (own, other) = (text, wanted.text)
        return names.sorted().first { own[$0] != other[$0] }
    }

    /// Every name `GetQueueAttributes` knows, those that are counted or derived included.
    static let names: Set<String> = [
        "All", "Policy", "VisibilityTimeout", "MaximumMessageSize", "MessageRetentionPeriod",
        "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed",
        "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn", "DelaySeconds", "ReceiveMessageWaitTimeSeconds",
        "RedrivePolicy", "FifoQueue", "ContentBasedDeduplication", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds",
        "DeduplicationScope", "FifoThroughputLimit", "RedriveAllowPolicy", "SqsManagedSseEnabled",
    ]
}
