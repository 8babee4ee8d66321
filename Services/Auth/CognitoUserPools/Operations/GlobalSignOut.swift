import ServiceKit

/// Makes every token of the user worthless.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html)
struct GlobalSignOut: AWSOperation {
    let store: UserPoolStore
    let tokens: TokenIssuer

    func permissions(for input: GetUser.Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: GetUser.Input, in call: Call) async throws -> NoOutput {
        let (user, pool) = try await tokens.user(accessToken: input.accessToken, in: call)
        let masterKey = store.masterKey
        try await store.write { try $0.signOut(user, in: pool, masterKey, at: call.now) }
        return NoOutput()
    }
}

extension Transaction {
    func signOut(_ user: User, in pool: UserPool, _ masterKey: MasterKey, at now: Timestamp) throws {
        guard var user = try self.user(user.username, in: pool, masterKey) else { throw ServiceError.userNotFound }
        // Times in tokens are whole seconds: those of this second are signed out as well.
        user.tokensValidAfter = Timestamp(seconds: now.seconds + 1)
        try put(user, in: pool, masterKey)
        try revokeRefreshTokens(of: user)
    }
}
