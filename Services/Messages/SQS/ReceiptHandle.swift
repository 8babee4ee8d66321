import ServiceKit

/// What a receiver shows to delete a message or to keep it longer: which message, and which of its receipts.
struct ReceiptHandle: Sendable, Equatable {
    let queue: Int64
    let row: Int64
    let receipt: Int
    /// Random, so that a handle cannot be made up.
    let messageID: String

    var text: String { Base64.string(Array("\(queue) \(row) \(receipt) \(messageID)".utf8)) }

    init(of message: Message, in queue: Queue) {
        self.queue = queue.id
        row = message.row
        receipt = message.receipt
        messageID = message.id
    }

    /// - Throws: `ReceiptHandleIsInvalid` for text that is no handle of this queue.
    init(_ text: String, for queue: Queue) throws {
        let parts = Base64.decode(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self).split(separator: " ") }
        guard let parts, parts.count == 4, let owner = Int64(parts[0]), owner == queue.id, let row = Int64(parts[1]),
            let receipt = Int(parts[2])
        else { throw ServiceError.receiptHandleIsInvalid(text) }
        self.queue = owner
        self.row = row
        self.receipt = receipt
        messageID = String(parts[3])
    }
}
