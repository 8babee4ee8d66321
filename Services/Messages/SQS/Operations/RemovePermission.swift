import ServiceKit

/// Takes a statement out of a queue's policy, by its label.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_RemovePermission.html)
struct RemovePermission: AWSOperation {
    struct Input: InputShape {
        let queueURL: QueueURL
        let label: String

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            label = try member("Label")
        }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = try input.queueURL.address(in: call)
        try await queues.change(address) { transaction in
            let queue = try transaction.requireQueue(at: address)
            var policy = try QueuePolicy(of: address, text: queue.attributes.policy)
            try policy.remove(label: input.label)
            var attributes = queue.attributes
            attributes.policy = policy.text
            try transaction.update(queue, to: attributes, at: call.now)
        }
        return NoOutput()
    }
}
