import ServiceKit

/// A queue as it is now.
struct Queue: Sendable {
    let id: Int64
    let address: QueueAddress
    var attributes: QueueAttributes
    let created: Timestamp
    var modified: Timestamp

    var arn: ARN { address.arn }

    /// How many messages there are in each state.
    struct Counts: Sendable {
        var visible = 0
        var inFlight = 0
        var delayed = 0
    }

    /// The attributes by name, those of `counts` included.
    func text(with counts: Counts) -> [String: String] {
        var text = attributes.text
        text["QueueArn"] = arn.description
        text["CreatedTimestamp"] = "\(created.seconds)"
        text["LastModifiedTimestamp"] = "\(modified.seconds)"
        text["ApproximateNumberOfMessages"] = "\(counts.visible)"
        text["ApproximateNumberOfMessagesNotVisible"] = "\(counts.inFlight)"
        text["ApproximateNumberOfMessagesDelayed"] = "\(counts.delayed)"
        return text
    }
}
