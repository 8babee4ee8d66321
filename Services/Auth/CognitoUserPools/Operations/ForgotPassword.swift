import ServiceKit

/// Sends a code with which a new password can be set.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html)
struct ForgotPassword: AWSOperation {
    let store: UserPoolStore

    func permissions(for input: ResendConfirmationCode.Input, in call: Call) -> [Permission] { [] }

    func perform(
        _ input: ResendConfirmationCode.Input, in call: Call
    ) async throws -> ResendConfirmationCode.Output {
        let (client, pool) = try await store.client(input.clientId)
        try client.checkSecretHash(input.secretHash, for: input.username)
        let store = store
        let masterKey = store.masterKey
        let delivery = try await store.write { transaction -> CodeDeliveryDetails? in
            guard let user = try transaction.user(input.username, in: pool, masterKey) else {
                if try client.hidesUnknownUsers() { return CodeDeliveryDetails(email: input.username) }
                throw ServiceError.userNotFound
            }
            guard user.isEnabled else { throw ServiceError.userDisabled }
            guard user["email"] != nil, user.isVerified("email") else { throw ServiceError.noDeliveryTarget }
            return try transaction.sendCode(to: user, of: pool, for: .passwordReset, by: store, at: call.now)
        }
        return ResendConfirmationCode.Output(delivery: delivery)
    }
}
