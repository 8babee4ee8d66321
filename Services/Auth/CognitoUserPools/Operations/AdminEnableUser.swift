import ServiceKit

/// Lets a disabled user sign in again.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminEnableUser.html)
struct AdminEnableUser: AWSOperation {
    let store: UserPoolStore

    func permissions(for input: AdminGetUser.Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: AdminGetUser.Input, in call: Call) async throws -> NoOutput {
        try await store.change(input.username, of: input.userPoolId, in: call) { user, _, _ in user.isEnabled = true }
        return NoOutput()
    }
}
