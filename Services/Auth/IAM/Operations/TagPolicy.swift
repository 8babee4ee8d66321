import ServiceKit

/// Adds tags to a managed policy.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagPolicy.html)
struct TagPolicy: AWSOperation {
    struct Input: InputShape {
        let arn: String
        let tags: [Tag]

        init(_ member: Members) throws {
            arn = try member("PolicyArn")
            tags = try member("Tags")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            var policy = try transaction.requireOwnPolicy(input.arn, in: call.account, for: "tag")
            try policy.tags.set(input.tags)
            try transaction.update(policy)
        }
        return NoOutput()
    }
}
