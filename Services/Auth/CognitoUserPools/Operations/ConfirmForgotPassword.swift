import ServiceKit

/// Sets a new password with the code that was sent.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html)
struct ConfirmForgotPassword: AWSOperation {
    struct Input: InputShape {
        let clientId: String
        let secretHash: String?
        let username: String
        let confirmationCode: String
        let password: String

        init(_ member: Members) throws {
            clientId = try member("ClientId")
            secretHash = try member("SecretHash")
            username = try member("Username")
            confirmationCode = try member("ConfirmationCode")
            password = try member("Password")
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let (client, pool) = try await store.client(input.clientId)
        try client.checkSecretHash(input.secretHash, for: input.username)
        try pool.passwordPolicy().check(input.password)
        let masterKey = store.masterKey
        let refusal = try await store.write { transaction -> ServiceError? in
            guard var user = try transaction.user(input.username, in: pool, masterKey) else {
                return try client.hidesUnknownUsers() ? .codeExpired : .userNotFound
            }
            let refusal = try transaction.useCode(
                input.confirmationCode, of: user, for: .passwordReset, at: call.now)
            if let refusal { return refusal }
            user.setPassword(input.password, in: pool, at: call.now)
            try transaction.put(user, in: pool, masterKey)
            try transaction.clearFailures(of: user)
            return nil
        }
        if let refusal { throw refusal }
        return NoOutput()
    }
}
