import ServiceKit

/// Deletes a user that has no policies, groups or keys any more.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html)
struct DeleteUser: AWSOperation {
    typealias Input = IdentityInput<OfUser>

    let store: IAMStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission(.user, input.name, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.changeCredentials(nil) { transaction in
            let user = try transaction.requireIdentity(.user, input.name, of: call.account)
            guard try transaction.accessKeys(of: user.name, in: call.account).isEmpty else {
                throw ServiceError.mustDeleteKeys
            }
            guard try transaction.mfaDevices(of: .user(user.name), in: call.account).isEmpty else {
                throw ServiceError.mustDeactivateDevices
            }
            guard try transaction.groups(of: user.name, in: call.account).isEmpty else {
                throw ServiceError.mustLeaveGroups
            }
            try transaction.requireNoPolicies(of: user)
            try transaction.delete(user)
        }
        return NoOutput()
    }
}
