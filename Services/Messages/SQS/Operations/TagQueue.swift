import ServiceKit

/// Adds tags to a queue; a key that is there already gets the new value.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html)
struct TagQueue: AWSOperation {
    struct Input: InputShape {
        let queueURL: QueueURL
        let tags: [String: String]

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            tags = try member("Tags")
        }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = try input.queueURL.address(in: call)
        guard !input.tags.isEmpty else { throw ServiceError.missingParameter("Tags") }
        try QueueTags.check(input.tags, on: address.name)
        try await queues.write { transaction in
            let queue = try transaction.requireQueue(at: address)
            try transaction.setTags(input.tags, of: queue)
            try QueueTags.checkCount(transaction.tags(of: queue).count, on: address.name)
        }
        return NoOutput()
    }
}
