import ServiceKit

/// Takes the boundary off a user.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html)
struct DeleteUserPermissionsBoundary: AWSOperation {
    typealias Input = IdentityInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            var user = try transaction.requireIdentity(.user, input.name, of: call.account)
            guard user.boundary != nil else {
                throw ServiceError.noSuchEntity("User \(user.name) has no permissions boundary.")
            }
            user.boundary = nil
            try transaction.update(user)
        }
        return NoOutput()
    }
}
