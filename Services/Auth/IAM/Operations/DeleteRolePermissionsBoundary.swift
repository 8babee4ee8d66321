import ServiceKit

/// Takes the boundary off a role.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html)
struct DeleteRolePermissionsBoundary: AWSOperation {
    typealias Input = IdentityInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change { transaction in
            var role = try transaction.requireIdentity(.role, input.name, of: call.account)
            guard role.boundary != nil else {
                throw ServiceError.noSuchEntity("Role \(role.name) has no permissions boundary.")
            }
            role.boundary = nil
            try transaction.update(role)
        }
        return NoOutput()
    }
}
