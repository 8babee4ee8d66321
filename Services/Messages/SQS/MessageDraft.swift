import ServiceKit

/// A message as `SendMessage` and an entry of `SendMessageBatch` give it.
struct MessageEntry: InputShape {
    let body: String
    let delaySeconds: Int?
    let attributes: MessageAttributes
    let systemAttributes: MessageAttributes
    let deduplicationID: String?
    let groupID: String?

    init(_ member: Members) throws {
        body = try member("MessageBody")
        delaySeconds = try member("DelaySeconds")
        attributes = try member("MessageAttributes") ?? MessageAttributes()
        systemAttributes = try member("MessageSystemAttributes") ?? MessageAttributes()
        deduplicationID = try member("MessageDeduplicationId")
        groupID = try member("MessageGroupId")
    }

    var byteCount: Int { body.utf8.count + attributes.byteCount }
}

/// A message that a queue accepts: checked, and completed with the queue's defaults.
struct MessageDraft: Sendable {
    /// Bytes of body and attributes together; also of all messages of one batch.
    static let sizeLimit = 1_048_576

    let body: String
    let attributes: MessageAttributes
    let systemAttributes: MessageAttributes
    let delaySeconds: Int
    let groupID: String?
    let deduplicationID: String?

    let bodyMD5: String

    /// - Throws: the error `SendMessage` answers, or that stands in a batch's `Failed`.
    init(_ entry: MessageEntry, for queue: Queue) throws {
        guard !entry.body.isEmpty else { throw ServiceError.missingParameter("MessageBody") }
        guard entry.byteCount <= queue.attributes.maximumMessageSize else {
            throw ServiceError.messageTooLong(limit: queue.attributes.maximumMessageSize)
        }
        try MessageBody.checkCharacters(of: entry.body)
        try entry.attributes.check()
        try MessageDraft.checkSystemAttributes(entry.systemAttributes)
        try MessageDraft.checkID(entry.groupID, "MessageGroupId")
        try MessageDraft.checkID(entry.deduplicationID, "MessageDeduplicationId")
        body = entry.body
        attributes = entry.attributes
        systemAttributes = entry.systemAttributes
        groupID = entry.groupID
        delaySeconds = try MessageDraft.delay(entry, queue)
        deduplicationID = try MessageDraft.deduplicationID(entry, queue)
        bodyMD5 = Hex.string(MD5.hash(entry.body))
    }

    var traceHeader: String? {
        guard case .string(let text) = systemAttributes.values["AWSTraceHeader"]?.value else { return nil }
        return text
    }

    private static func delay(_ entry: MessageEntry, _ queue: Queue) throws -> Int {
        guard let delay = entry.delaySeconds else { return queue.attributes.delaySeconds }
        guard (0...900).contains(delay) else {
            throw ServiceError.invalidParameter(
                "DelaySeconds", delay, because: "DelaySeconds must be >= 0 and <= 900.")
        }
        guard queue.attributes.isFIFO else { return delay }
        guard delay == 0 else {
            throw ServiceError.invalidParameter(
                "DelaySeconds", delay,
                because: "The request include parameter that is not valid for this queue type.")
        }
        return queue.attributes.delaySeconds
    }

    private static func deduplicationID(_ entry: MessageEntry, _ queue: Queue) throws -> String? {
        guard queue.attributes.isFIFO else {
            guard let id = entry.deduplicationID else { return nil }
            throw ServiceError.invalidParameter(
                "MessageDeduplicationId", id,
                because: "The request includes a parameter that is not valid for this queue type.")
        }
        guard entry.groupID != nil else { throw ServiceError.missingParameter("MessageGroupId") }
        if let id = entry.deduplicationID { return id }
        guard queue.attributes.deduplicatesByContent else { throw ServiceError.deduplicationRequired }
        return Hex.string(SHA256.hash(entry.body))
    }

    /// Group and deduplication ids: 1 to 128 letters, digits and punctuation characters of ASCII.
    static func checkID(_ id: String?, _ parameter: String) throws {
        guard let id else { return }
        guard (1...128).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw ServiceError.invalidParameter(
                parameter, id,
                because: "\(parameter) can only include alphanumeric and punctuation characters. 1 to 128 in length.")
        }
    }

    private static func checkSystemAttributes(_ attributes: MessageAttributes) throws {
        for (name, attribute) in attributes.values {
            guard name == "AWSTraceHeader" else {
                throw ServiceError.invalidParameter("Message system attribute name '\(name)' is invalid.")
            }
            guard attribute.dataType == "String", case .string(let text) = attribute.value, !text.isEmpty else {
                throw ServiceError.invalidParameter(
                    "Message (system) attribute '\(name)' must contain a non-empty value of type 'String'.")
            }
        }
    }
}
