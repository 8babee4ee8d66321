import ServiceKit

/// Removes tags from a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html)
struct UntagRole: AWSOperation {
    typealias Input = UntagInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.changeCredentials(nil) { transaction in
            var role = try transaction.requireIdentity(.role, input.name, of: call.account)
            role.tags.remove(input.keys)
            try transaction.update(role)
        }
        return NoOutput()
    }
}
