import ServiceKit

/// A message as `Publish` and an entry of `PublishBatch` give it.
struct PublishEntry: InputShape {
    let message: String
    let subject: String?
    let structure: String?
    let attributes: PublishedAttributes
    let deduplicationID: String?
    let groupID: String?

    init(_ member: Members) throws {
        message = try member("Message")
        subject = try member("Subject")
        structure = try member("MessageStructure")
        attributes = try member("MessageAttributes") ?? PublishedAttributes()
        deduplicationID = try member("MessageDeduplicationId")
        groupID = try member("MessageGroupId")
    }

    var byteCount: Int { message.utf8.count + attributes.byteCount }
}

/// A message that a topic accepts.
struct Publication: Sendable {
    /// Bytes of message and attributes together; also of all messages of one batch.
    static let sizeLimit = 262_144

    let id: String
    /// As published: with a structure, a JSON object with a text for each protocol.
    let body: String
    let hasStructure: Bool
    let subject: String?
    let attributes: PublishedAttributes
    let groupID: String?
    let deduplicationID: String?
    let published: Timestamp

    /// - Throws: `InvalidParameterException`, `InvalidParameterValueException`
    init(_ entry: PublishEntry, to topic: Topic, at now: Timestamp) throws {
        guard !entry.message.isEmpty else { throw ServiceError.invalidParameter("Empty message") }
        guard entry.byteCount <= Publication.sizeLimit else { throw ServiceError.messageTooLong }
        try Publication.checkSubject(entry.subject)
        try entry.attributes.check()
        if let structure = entry.structure {
            guard structure == "json" else { throw ServiceError.invalidParameter("MessageStructure") }
            try Publication.checkStructure(entry.message)
        }
        id = Identifier.uuid()
        body = entry.message
        hasStructure = entry.structure != nil
        subject = entry.subject
        attributes = entry.attributes
        groupID = entry.groupID
        deduplicationID = try Publication.deduplicationID(entry, topic)
        published = now
    }

    init(
        id: String, body: String, hasStructure: Bool, subject: String?, attributes: PublishedAttributes,
        groupID: String?, deduplicationID: String?, published: Timestamp
    ) {
        self.id = id
        self.body = body
        self.hasStructure = hasStructure
        self.subject = subject
        self.attributes = attributes
        self.groupID = groupID
        self.deduplicationID = deduplicationID
        self.published = published
    }

    /// The text for a protocol.
    func text(for transport: Transport) -> String {
        guard hasStructure, let object = try? JSONDocument(Array(body.utf8)).root else { return body }
        return object[transport.rawValue]?.string ?? object["default"]?.string ?? body
    }

    private static func checkStructure(_ message: String) throws {
        guard let object = try? JSONDocument(Array(message.utf8)).root, object.kind == .object else {
            throw ServiceError.invalidParameter("Message Structure - JSON message body failed to parse")
        }
        guard object["default"]?.string != nil else {
            throw ServiceError.invalidParameter("Message Structure - No default entry in JSON message body")
        }
    }

    /// ASCII on one line, up to 100 characters.
    private static func checkSubject(_ subject: String?) throws {
        guard let subject else { return }
        guard (1...100).contains(subject.utf8.count), subject.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw ServiceError.invalidParameter("Subject")
        }
    }

    private static func deduplicationID(_ entry: PublishEntry, _ topic: Topic) throws -> String? {
        guard topic.isFIFO else {
            guard entry.deduplicationID == nil else {
                throw ServiceError.invalidParameter(
                    "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not "
                        + "valid for this topic type")
            }
            return nil
        }
        guard entry.groupID != nil else {
            throw ServiceError.invalidParameter("The MessageGroupId parameter is required for FIFO topics")
        }
        if let id = entry.deduplicationID { return id }
        guard topic.attributes.deduplicatesByContent else {
            throw ServiceError.invalidParameter(
                "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
                    + "explicitly")
        }
        return Hex.string(SHA256.hash(entry.message))
    }
}

/// What `Publish` answers.
struct Published: Sendable {
    let messageID: String
    /// Of FIFO topics.
    let sequence: Int64?

    var sequenceNumber: String? { sequence.map { String(10_000_000_000_000_000_000 + UInt64($0)) } }
}
