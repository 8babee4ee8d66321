import ServiceKit

/// Creates a user with a temporary password, and mails the invitation unless told not to.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html)
struct AdminCreateUser: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let username: String
        let userAttributes: [UserAttribute]
        let temporaryPassword: String?
        let messageAction: String?

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            username = try member("Username")
            userAttributes = try member("UserAttributes") ?? []
            temporaryPassword = try member("TemporaryPassword")
            messageAction = try member("MessageAction")
        }
    }

    struct Output: OutputShape {
        let user: User
        func write(to json: inout JSONWriter) {
            json.member("User") { json in json.object { user.write(to: &$0, attributesName: "Attributes") } }
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let pool = try await store.pool(input.userPoolId, in: call)
        try UserAttribute.check(input.userAttributes, byAdministrator: true)
        let password = input.temporaryPassword ?? AdminCreateUser.makePassword()
        try pool.passwordPolicy().check(password)
        let store = store
        let masterKey = store.masterKey
        return try await store.write { transaction in
            var user: User
            if input.messageAction == "RESEND" {
                guard let known = try transaction.user(input.username, in: pool, masterKey) else {
                    throw ServiceError.userNotFound
                }
                user = known
                user.setPassword(password, in: pool, isPermanent: false, at: call.now)
                try transaction.put(user, in: pool, masterKey)
            } else {
                user = try User(named: input.username, attributes: input.userAttributes, in: pool, at: call.now)
                user.setPassword(password, in: pool, isPermanent: false, at: call.now)
                try transaction.register(user, in: pool, masterKey)
            }
            if let email = user["email"], input.messageAction != "SUPPRESS" {
                try transaction.queueMail(
                    CodeMessage(invitationTo: email, username: input.username, password: password), in: store)
            }
            return Output(user: user)
        }
    }

    /// Twelve characters with one of every class that a policy may ask for.
    private static func makePassword() -> String {
        SecureRandom.string(4, of: .uppercaseAlphanumeric) + "A" + SecureRandom.string(4, of: .lowercaseAlphanumeric)
            + "a" + SecureRandom.string(1, of: .digits) + "!"
    }
}
