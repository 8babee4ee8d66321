import ServiceKit

/// Sends a new sign-up code; the one before is void.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html)
struct ResendConfirmationCode: AWSOperation {
    struct Input: InputShape {
        let clientId: String
        let secretHash: String?
        let username: String

        init(_ member: Members) throws {
            clientId = try member("ClientId")
            secretHash = try member("SecretHash")
            username = try member("Username")
        }
    }

    struct Output: OutputShape {
        let delivery: CodeDeliveryDetails?
        func write(to json: inout JSONWriter) { json.member("CodeDeliveryDetails", delivery) }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let (client, pool) = try await store.client(input.clientId)
        try client.checkSecretHash(input.secretHash, for: input.username)
        let store = store
        let masterKey = store.masterKey
        let delivery = try await store.write { transaction -> CodeDeliveryDetails? in
            guard let user = try transaction.user(input.username, in: pool, masterKey) else {
                // To a stranger an unknown user looks like any other.
                if try client.hidesUnknownUsers() { return CodeDeliveryDetails(email: input.username) }
                throw ServiceError.userNotFound
            }
            guard user.status == .unconfirmed else { throw ServiceError.alreadyConfirmedForCode }
            return try transaction.sendCode(to: user, of: pool, for: .signUp, by: store, at: call.now)
        }
        return Output(delivery: delivery)
    }
}
