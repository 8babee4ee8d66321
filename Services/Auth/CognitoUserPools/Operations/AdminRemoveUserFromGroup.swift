import ServiceKit

/// Ends a user's membership of a group.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRemoveUserFromGroup.html)
struct AdminRemoveUserFromGroup: AWSOperation {
    let store: UserPoolStore

    func permissions(for input: AdminAddUserToGroup.Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: AdminAddUserToGroup.Input, in call: Call) async throws -> NoOutput {
        try await store.change(input.username, of: input.userPoolId, in: call) { user, pool, transaction in
            guard let group = try transaction.group(input.groupName, in: pool) else {
                throw ServiceError.groupNotFound
            }
            try transaction.remove(user, from: group)
        }
        return NoOutput()
    }
}
