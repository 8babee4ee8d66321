import ServiceKit

/// Deletes a user.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html)
struct AdminDeleteUser: AWSOperation {
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
            try transaction.delete(user)
        }
        return NoOutput()
    }
}
