import ServiceKit

/// Deletes a policy written into a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html)
struct DeleteUserPolicy: AWSOperation {
    typealias Input = InlinePolicyInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            let user = try transaction.requireIdentity(.user, input.name, of: call.account)
            try transaction.deleteInlinePolicy(input.policy, of: user)
        }
        return NoOutput()
    }
}
