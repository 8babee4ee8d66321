import ServiceKit

/// Sets a password, for good or until the next sign-in.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html)
struct AdminSetUserPassword: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let username: String
        let password: String
        let permanent: Bool

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            username = try member("Username")
            password = try member("Password")
            permanent = try member("Permanent") ?? false
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change(input.username, of: input.userPoolId, in: call) { user, pool, transaction in
            try pool.passwordPolicy().check(input.password)
            user.setPassword(input.password, in: pool, isPermanent: input.permanent, at: call.now)
            try transaction.clearFailures(of: user)
        }
        return NoOutput()
    }
}
