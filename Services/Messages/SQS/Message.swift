import ServiceKit

/// A message as a receiver gets it.
struct Message: Sendable {
    /// The row, which is also the order of arrival.
    let row: Int64
    let id: String
    let body: String
    let attributes: MessageAttributes
    let senderID: String
    let sent: Timestamp
    let groupID: String?
    let deduplicationID: String?
    let traceHeader: String?
    /// The ARN of the queue it was moved from because it was received too often.
    let deadLetterSource: String?
    /// Across all queues it was in.
    var receiveCount: Int
    var firstReceived: Timestamp?
    /// How often it was received from the queue it is in now; the newest receipt handle carries this number.
    var receipt: Int
    let isFIFO: Bool

    /// The system attributes of the given names; `All` means every one.
    func systemAttributes(named names: [String]) -> [String: String] {
        var all = [
            "SenderId": senderID,
            "SentTimestamp": "\(sent.milliseconds)",
            "ApproximateReceiveCount": "\(receiveCount)",
        ]
        all["ApproximateFirstReceiveTimestamp"] = firstReceived.map { "\($0.milliseconds)" }
        all["MessageGroupId"] = groupID
        all["MessageDeduplicationId"] = deduplicationID
        all["AWSTraceHeader"] = traceHeader
        all["DeadLetterQueueSourceArn"] = deadLetterSource
        if isFIFO { all["SequenceNumber"] = SequenceNumber.text(of: row) }
        return names.contains("All") ? all : all.filter { names.contains($0.key) }
    }
}

/// What became of a message that was sent.
struct SentMessage: Sendable {
    let id: String
    let row: Int64
    /// A FIFO queue had it already, and keeps the first.
    let isDuplicate: Bool
}

/// The numbers FIFO queues give their messages: 20 digits, ascending in the order of arrival.
enum SequenceNumber {
    static func text(of row: Int64) -> String { String(10_000_000_000_000_000_000 + UInt64(row)) }
}
