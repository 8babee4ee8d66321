import ServiceKit

/// Detaches a managed policy from a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html)
struct DetachUserPolicy: AWSOperation {
    typealias Input = AttachmentInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        var permission = try await store.permission(.user, input.name, in: call)
        permission.context["iam:PolicyARN"] = [input.policy]
        return [permission]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            let user = try transaction.requireIdentity(.user, input.name, of: call.account)
            try transaction.detach(input.policy, from: user)
        }
        return NoOutput()
    }
}
