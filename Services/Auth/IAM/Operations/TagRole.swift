import ServiceKit

/// Adds tags to a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html)
struct TagRole: AWSOperation {
    typealias Input = TagInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        // Tags are principal tags of whoever holds the role's credentials, so those are looked up again.
        try await store.changeCredentials(nil) { transaction in
            var role = try transaction.requireIdentity(.role, input.name, of: call.account)
            try role.tags.set(input.tags)
            try transaction.update(role)
        }
        return NoOutput()
    }
}
