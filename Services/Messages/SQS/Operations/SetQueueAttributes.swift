import ServiceKit

/// Changes settings of a queue; those not named stay.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html)
struct SetQueueAttributes: AWSOperation {
    struct Input: InputShape {
        let queueURL: QueueURL
        let attributes: [String: String]

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            attributes = try member("Attributes")
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
            var attributes = queue.attributes
            try attributes.set(input.attributes)
            if input.attributes["RedrivePolicy"] != nil {
                try transaction.checkRedrivePolicy(of: attributes, at: address)
            }
            try transaction.update(queue, to: attributes, at: call.now)
        }
        return NoOutput()
    }
}
