import ServiceKit

/// Replaces the password of the user whose access token is given.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html)
struct ChangePassword: AWSOperation {
    struct Input: InputShape {
        let previousPassword: String?
        let proposedPassword: String
        let accessToken: String

        init(_ member: Members) throws {
            previousPassword = try member("PreviousPassword")
            proposedPassword = try member("ProposedPassword")
            accessToken = try member("AccessToken")
        }
    }

    let store: UserPoolStore
    let tokens: TokenIssuer

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let (owner, pool) = try await tokens.user(accessToken: input.accessToken, in: call)
        try pool.passwordPolicy().check(input.proposedPassword)
        let masterKey = store.masterKey
        let isChanged = try await store.write { transaction in
            guard var user = try transaction.user(owner.username, in: pool, masterKey) else {
                throw ServiceError.userNotFound
            }
            guard try !transaction.isLocked(user, at: call.now) else { throw ServiceError.tooManyAttempts }
            if let password = user.password {
                let previous = input.previousPassword ?? ""
                guard password.matches(previous, username: user.username, poolName: pool.srpName) else {
                    try transaction.recordFailure(of: user, at: call.now)
                    return false
                }
            }
            user.setPassword(input.proposedPassword, in: pool, at: call.now)
            try transaction.put(user, in: pool, masterKey)
            try transaction.clearFailures(of: user)
            return true
        }
        guard isChanged else { throw ServiceError.incorrectCredentials }
        return NoOutput()
    }
}
