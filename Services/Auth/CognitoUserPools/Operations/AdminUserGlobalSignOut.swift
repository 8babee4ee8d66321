import ServiceKit

/// Makes every token of a user worthless.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html)
struct AdminUserGlobalSignOut: AWSOperation {
    let store: UserPoolStore

    func permissions(for input: AdminGetUser.Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: AdminGetUser.Input, in call: Call) async throws -> NoOutput {
        let masterKey = store.masterKey
        try await store.write { transaction in
            let pool = try transaction.pool(input.userPoolId, in: call)
            guard let user = try transaction.user(input.username, in: pool, masterKey) else {
                throw ServiceError.userNotFound
            }
            try transaction.signOut(user, in: pool, masterKey, at: call.now)
        }
        return NoOutput()
    }
}
