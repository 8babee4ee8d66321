import ServiceKit

/// Confirms a sign-up without a code.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminConfirmSignUp.html)
struct AdminConfirmSignUp: AWSOperation {
    let store: UserPoolStore

    func permissions(for input: AdminGetUser.Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: AdminGetUser.Input, in call: Call) async throws -> NoOutput {
        try await store.change(input.username, of: input.userPoolId, in: call) { user, _, _ in
            guard user.status == .unconfirmed else { throw ServiceError.alreadyConfirmed }
            user.status = .confirmed
        }
        return NoOutput()
    }
}
