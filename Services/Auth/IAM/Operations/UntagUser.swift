import ServiceKit

/// Removes tags from a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagUser.html)
struct UntagUser: AWSOperation {
    typealias Input = UntagInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.changeCredentials(nil) { transaction in
            var user = try transaction.requireIdentity(.user, input.name, of: call.account)
            user.tags.remove(input.keys)
            try transaction.update(user)
        }
        return NoOutput()
    }
}
