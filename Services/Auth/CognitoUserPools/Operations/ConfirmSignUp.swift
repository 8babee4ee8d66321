import ServiceKit

/// Completes a sign-up with the code that was sent.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html)
struct ConfirmSignUp: AWSOperation {
    struct Input: InputShape {
        let clientId: String
        let secretHash: String?
        let username: String
        let confirmationCode: String

        init(_ member: Members) throws {
            clientId = try member("ClientId")
            secretHash = try member("SecretHash")
            username = try member("Username")
            confirmationCode = try member("ConfirmationCode")
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let (client, pool) = try await store.client(input.clientId)
        try client.checkSecretHash(input.secretHash, for: input.username)
        let masterKey = store.masterKey
        let refusal = try await store.write { transaction -> ServiceError? in
            guard var user = try transaction.user(input.username, in: pool, masterKey) else {
                return try client.hidesUnknownUsers() ? .codeExpired : .userNotFound
            }
            guard user.status == .unconfirmed else { return .alreadyConfirmed }
            let refusal = try transaction.useCode(input.confirmationCode, of: user, for: .signUp, at: call.now)
            if let refusal { return refusal }
            user.status = .confirmed
            user["email_verified"] = "true"
            user.modified = call.now
            try transaction.put(user, in: pool, masterKey)
            return nil
        }
        if let refusal { throw refusal }
        return NoOutput()
    }
}
