import ServiceKit

/// Deletes a role that has no policies any more and is in no instance profile.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html)
struct DeleteRole: AWSOperation {
    typealias Input = IdentityInput<OfRole>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.role, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.changeCredentials(nil) { transaction in
            let role = try transaction.requireIdentity(.role, input.name, of: call.account)
            guard try transaction.instanceProfiles(of: call.account, role: role.name).isEmpty else {
                throw ServiceError.mustLeaveProfiles
            }
            try transaction.requireNoPolicies(of: role)
            try transaction.delete(role)
        }
        return NoOutput()
    }
}
