import ServiceKit

/// Publishes up to ten messages to a topic, each on its own merits.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html)
struct PublishBatch: AWSOperation {
    struct Entry: InputShape {
        let id: String
        let entry: PublishEntry

        init(_ member: Members) throws {
            id = try member("Id")
            entry = try PublishEntry(member)
        }
    }

    struct Input: InputShape {
        let topic: TopicARN
        let entries: [Entry]

        init(_ member: Members) throws {
            topic = try member("TopicArn")
            entries = try member("PublishBatchRequestEntries")
        }
    }

    struct Output: OutputShape {
        var successful: [Success] = []
        var failed: [Failure] = []

        func write(to json: inout JSONWriter) {
            json.member("Successful", successful)
            json.member("Failed", failed)
        }
    }

    struct Success: OutputShape {
        let id: String
        let published: Published

        func write(to json: inout JSONWriter) {
            json.member("Id", id)
            json.member("MessageId", published.messageID)
            json.member("SequenceNumber", published.sequenceNumber)
        }
    }

    struct Failure: OutputShape {
        let id: String
        let error: ServiceError

        func write(to json: inout JSONWriter) {
            json.member("Id", id)
            json.member("Code", error.code)
            json.member("Message", error.message)
            json.member("SenderFault", error.status < 500)
        }
    }

    let topics: TopicStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await topics.permission("sns:Publish", on: input.topic.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let target = try await topics.entry(at: input.topic.address(in: call))
        try check(input.entries, for: target.topic)
        return try await topics.write { transaction in
            transaction.afterCommit { topics.work.ring() }
            var output = Output()
            for entry in input.entries {
                do {
                    let message = try Publication(entry.entry, to: target.topic, at: call.now)
                    let published = try transaction.publish(
                        message, to: target.topic, for: target.recipients(of: message), at: call.now)
                    output.successful.append(Success(id: entry.id, published: published))
                } catch let error as ServiceError {
                    output.failed.append(Failure(id: entry.id, error: error))
                }
            }
            return output
        }
    }

    /// Faults for which AWS refuses the whole batch rather than an entry.
    private func check(_ entries: [Entry], for topic: Topic) throws {
        guard !entries.isEmpty else { throw ServiceError.emptyBatch }
        guard entries.count <= 10 else { throw ServiceError.tooManyEntries }
        guard Set(entries.map(\.id)).count == entries.count else { throw ServiceError.batchEntryIDsNotDistinct }
        for id in entries.map(\.id) {
            guard id.utf8.count <= 80 else { throw ServiceError.invalidBatchEntryID(id, because: "is too long") }
            guard !id.isEmpty, id.utf8.allSatisfy(TopicName.isNameByte) else {
                throw ServiceError.invalidBatchEntryID(id, because: "contains an impermissible character")
            }
        }
        guard entries.reduce(0, { $0 + $1.entry.byteCount }) <= Publication.sizeLimit else {
            throw ServiceError.batchTooLong
        }
        guard topic.isFIFO else { return }
        for entry in entries.map(\.entry) {
            guard entry.groupID != nil else {
                throw ServiceError.invalidParameter("The MessageGroupId parameter is required for FIFO topics")
            }
            guard entry.deduplicationID != nil || topic.attributes.deduplicatesByContent else {
                throw ServiceError.invalidParameter(
                    "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
                        + "explicitly")
            }
        }
    }
}
