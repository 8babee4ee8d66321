import ServiceKit

/// Adds tags to a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html)
struct TagUser: AWSOperation {
    typealias Input = TagInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        // Tags are principal tags of whoever holds the user's credentials, so those are looked up again.
        try await store.changeCredentials(nil) { transaction in
            var user = try transaction.requireIdentity(.user, input.name, of: call.account)
            try user.tags.set(input.tags)
            try transaction.update(user)
        }
        return NoOutput()
    }
}
