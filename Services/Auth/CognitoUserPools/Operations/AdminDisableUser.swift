import ServiceKit

/// Keeps a user from signing in, and ends their sessions.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html)
struct AdminDisableUser: AWSOperation {
    let store: UserPoolStore

    func permissions(for input: AdminGetUser.Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: AdminGetUser.Input, in call: Call) async throws -> NoOutput {
        try await store.change(input.username, of: input.userPoolId, in: call) { user, _, transaction in
            user.isEnabled = false
            try transaction.revokeRefreshTokens(of: user)
        }
        return NoOutput()
    }
}
