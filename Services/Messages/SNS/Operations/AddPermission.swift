import ServiceKit

/// Lets other accounts use a topic, by a statement in its policy.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html)
struct AddPermission: AWSOperation {
    struct Input: InputShape {
        let topic: TopicARN
        let label: String
        let accounts: [String]
        let actions: [String]

        init(_ member: Members) throws {
            topic = try member("TopicArn")
            label = try member("Label")
            accounts = try member("AWSAccountId")
            actions = try member("ActionName")
        }
    }

    let topics: TopicStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await topics.permission(on: input.topic.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let address = try input.topic.address(in: call)
        try await topics.change(address) { transaction in
            var topic = try transaction.requireTopic(at: address)
            var policy = try TopicPolicy(of: address, text: topic.attributes["Policy"])
            try policy.allow(input.actions, to: input.accounts, label: input.label)
            try topic.attributes.set("Policy", policy.text)
            try transaction.update(topic)
        }
        return NoOutput()
    }
}
