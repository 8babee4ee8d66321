import ServiceKit

/// Takes tags off a queue.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_UntagQueue.html)
struct UntagQueue: AWSOperation {
    struct Input: InputShape {
        let queueURL: QueueURL
        let keys: [String]

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            keys = try member("TagKeys")
        }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = try input.queueURL.address(in: call)
        guard !input.keys.isEmpty else {
            throw ServiceError.invalidParameter("Tag keys must be between 1 and 128 characters in length.")
        }
        try await queues.write { transaction in
            try transaction.removeTags(input.keys, of: transaction.requireQueue(at: address))
        }
        return NoOutput()
    }
}
