import ServiceKit

/// Removes tags from a managed policy.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagPolicy.html)
struct UntagPolicy: AWSOperation {
    struct Input: InputShape {
        let arn: String
        let keys: [String]

        init(_ member: Members) throws {
            arn = try member("PolicyArn")
            keys = try member("TagKeys")
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            var policy = try transaction.requireOwnPolicy(input.arn, in: call.account, for: "untag")
            policy.tags.remove(input.keys)
            try transaction.update(policy)
        }
        return NoOutput()
    }
}
