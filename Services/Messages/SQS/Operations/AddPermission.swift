import ServiceKit

/// Lets other accounts use a queue, by a statement in its policy.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html)
struct AddPermission: AWSOperation {
    struct Input: InputShape {
        let queueURL: QueueURL
        let label: String
        let accounts: [String]
        let actions: [String]

        init(_ member: Members) throws {
            queueURL = try member("QueueUrl")
            label = try member("Label")
            accounts = try member("AWSAccountIds")
            actions = try member("Actions")
        }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.queueURL.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        guard input.label.utf8.count <= 80, QueueName.isIdentifier(input.label) else {
            throw ServiceError.invalidParameter(
                "Label", input.label,
                because: "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
        }
        guard !input.accounts.isEmpty else { throw ServiceError.missingParameter("AWSAccountIds") }
        guard !input.actions.isEmpty else { throw ServiceError.missingParameter("Actions") }
        let address = try input.queueURL.address(in: call)
        try await queues.change(address) { transaction in
            let queue = try transaction.requireQueue(at: address)
            var policy = try QueuePolicy(of: address, text: queue.attributes.policy)
            try policy.allow(input.actions, to: input.accounts, label: input.label)
            var attributes = queue.attributes
            attributes.policy = policy.text
            try transaction.update(queue, to: attributes, at: call.now)
        }
        return NoOutput()
    }
}
