import ServiceKit

/// Publishes a message to a topic: stored with one delivery for each subscriber it is for.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_Publish.html)
struct Publish: AWSOperation {
    struct Input: InputShape {
        let topic: TopicARN?
        let target: TopicARN?
        let phoneNumber: String?
        let entry: PublishEntry

        init(_ member: Members) throws {
            topic = try member("TopicArn")
            target = try member("TargetArn")
            phoneNumber = try member("PhoneNumber")
            entry = try PublishEntry(member)
        }

        func address(in call: Call) throws -> TopicAddress {
            if phoneNumber != nil {
                throw ServiceError.invalidParameter("PhoneNumber Reason: Apus does not deliver by sms")
            }
            if let topic { return try topic.address(in: call) }
            guard let target else {
                throw ServiceError.invalidParameter("TopicArn or TargetArn Reason: no value for required parameter")
            }
            // Endpoints of mobile applications have slashes.
            guard !target.text.contains("endpoint/") else {
                throw ServiceError.invalidParameter("TargetArn Reason: No endpoint found for the target arn specified")
            }
            return try target.address(in: call, parameter: "TargetArn")
        }
    }

    struct Output: OutputShape {
        let published: Published

        func write(to json: inout JSONWriter) {
            json.member("MessageId", published.messageID)
            json.member("SequenceNumber", published.sequenceNumber)
        }
    }

    let topics: TopicStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await topics.permission(on: input.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let entry = try await topics.entry(at: input.address(in: call))
        let message = try Publication(input.entry, to: entry.topic, at: call.now)
        let recipients = entry.recipients(of: message)
        // With nobody to deliver to and nothing to remember there is nothing to store.
        if recipients.isEmpty, !entry.topic.isFIFO {
            return Output(published: Published(messageID: message.id, sequence: nil))
        }
        let published = try await topics.write { transaction in
            transaction.afterCommit { topics.work.ring() }
            return try transaction.publish(message, to: entry.topic, for: recipients, at: call.now)
        }
        return Output(published: published)
    }
}

extension TopicCache.Entry {
    /// The subscriptions whose filters let a message through.
    func recipients(of message: Publication) -> [Subscription] {
        subscriptions.filter { $0.attributes.filter?.accepts(message) ?? true }
    }
}
