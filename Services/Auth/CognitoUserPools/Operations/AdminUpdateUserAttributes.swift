import ServiceKit

/// Changes attributes of a user, verified flags included.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateUserAttributes.html)
struct AdminUpdateUserAttributes: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let username: String
        let userAttributes: [UserAttribute]

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            username = try member("Username")
            userAttributes = try member("UserAttributes")
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try UserAttribute.check(input.userAttributes, byAdministrator: true)
        try await store.change(input.username, of: input.userPoolId, in: call) { user, _, _ in
            for attribute in input.userAttributes where !UserAttribute.readOnly.contains(attribute.name) {
                user[attribute.name] = attribute.value
            }
        }
        return NoOutput()
    }
}
