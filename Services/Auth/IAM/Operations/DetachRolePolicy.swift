import ServiceKit

/// Detaches a managed policy from a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html)
struct DetachRolePolicy: AWSOperation {
    typealias Input = AttachmentInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        var permission = try await store.permission(.role, input.name, in: call)
        permission.context["iam:PolicyARN"] = [input.policy]
        return [permission]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            let role = try transaction.requireIdentity(.role, input.name, of: call.account)
            try transaction.detach(input.policy, from: role)
        }
        return NoOutput()
    }
}
