import ServiceKit

/// Answers everything about a user.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html)
struct AdminGetUser: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let username: String

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            username = try member("Username")
        }
    }

    struct Output: OutputShape {
        let user: User
        func write(to json: inout JSONWriter) { user.write(to: &json, attributesName: "UserAttributes") }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            let pool = try snapshot.pool(input.userPoolId, in: call)
            guard let user = try snapshot.user(input.username, in: pool, store.masterKey) else {
                throw ServiceError.userNotFound
            }
            return Output(user: user)
        }
    }
}

extension UserPoolStore {
    /// Changes one user of a pool of the account, in one transaction.
    func change(
        _ username: String, of poolID: String, in call: Call,
        _ body: @escaping @Sendable (inout User, UserPool, Transaction) throws -> Void
    ) async throws {
        let masterKey = masterKey
        try await write { transaction in
            let pool = try transaction.pool(poolID, in: call)
            guard var user = try transaction.user(username, in: pool, masterKey) else {
                throw ServiceError.userNotFound
            }
            try body(&user, pool, transaction)
            user.modified = call.now
            try transaction.put(user, in: pool, masterKey)
        }
    }
}
