import ServiceKit

/// Makes a user a member of a group.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html)
struct AdminAddUserToGroup: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let username: String
        let groupName: String

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            username = try member("Username")
            groupName = try member("GroupName")
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.change(input.username, of: input.userPoolId, in: call) { user, pool, transaction in
            guard let group = try transaction.group(input.groupName, in: pool) else {
                throw ServiceError.groupNotFound
            }
            try transaction.add(user, to: group)
        }
        return NoOutput()
    }
}
