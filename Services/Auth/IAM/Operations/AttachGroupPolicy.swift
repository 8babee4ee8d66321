import ServiceKit

/// Attaches a managed policy to a group.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachGroupPolicy.html)
struct AttachGroupPolicy: AWSOperation {
    typealias Input = AttachmentInput<OfGroup>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        var permission = try await store.permission(.group, input.name, in: call)
        permission.context["iam:PolicyARN"] = [input.policy]
        return [permission]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            let group = try transaction.requireIdentity(.group, input.name, of: call.account)
            try transaction.attachChecked(input.policy, to: group)
        }
        return NoOutput()
    }
}
