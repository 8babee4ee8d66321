import ServiceKit

/// Attaches a managed policy to a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html)
struct AttachUserPolicy: AWSOperation {
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
            try transaction.attachChecked(input.policy, to: user)
        }
        return NoOutput()
    }
}
