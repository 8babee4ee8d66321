import ServiceKit

/// Changes attributes of the user whose access token is given; a new address is unverified.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html)
struct UpdateUserAttributes: AWSOperation {
    struct Input: InputShape {
        let userAttributes: [UserAttribute]
        let accessToken: String

        init(_ member: Members) throws {
            userAttributes = try member("UserAttributes")
            accessToken = try member("AccessToken")
        }
    }

    let store: UserPoolStore
    let tokens: TokenIssuer

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try UserAttribute.check(input.userAttributes, byAdministrator: false)
        let (owner, pool) = try await tokens.user(accessToken: input.accessToken, in: call)
        let masterKey = store.masterKey
        try await store.write { transaction in
            guard var user = try transaction.user(owner.username, in: pool, masterKey) else {
                throw ServiceError.userNotFound
            }
            for attribute in input.userAttributes where !UserAttribute.readOnly.contains(attribute.name) {
                let isAddress = ["email", "phone_number"].contains(attribute.name)
                if isAddress, user[attribute.name] != attribute.value { user["\(attribute.name)_verified"] = "false" }
                user[attribute.name] = attribute.value
            }
            user.modified = call.now
            try transaction.put(user, in: pool, masterKey)
        }
        return NoOutput()
    }
}
