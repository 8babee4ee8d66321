import ServiceKit

/// Deletes a policy written into a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html)
struct DeleteRolePolicy: AWSOperation {
    typealias Input = InlinePolicyInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            let role = try transaction.requireIdentity(.role, input.name, of: call.account)
            try transaction.deleteInlinePolicy(input.policy, of: role)
        }
        return NoOutput()
    }
}
