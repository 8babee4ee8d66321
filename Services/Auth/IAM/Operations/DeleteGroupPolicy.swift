import ServiceKit

/// Deletes a policy written into a group.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroupPolicy.html)
struct DeleteGroupPolicy: AWSOperation {
    typealias Input = InlinePolicyInput<OfGroup>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.group, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            let group = try transaction.requireIdentity(.group, input.name, of: call.account)
            try transaction.deleteInlinePolicy(input.policy, of: group)
        }
        return NoOutput()
    }
}
