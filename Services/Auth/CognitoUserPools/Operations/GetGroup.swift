import ServiceKit

/// Answers one group.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetGroup.html)
struct GetGroup: AWSOperation {
    struct Input: InputShape {
        let groupName: String
        let userPoolId: String

        init(_ member: Members) throws {
            groupName = try member("GroupName")
            userPoolId = try member("UserPoolId")
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> CreateGroup.Output {
        try await store.read { snapshot in
            let pool = try snapshot.pool(input.userPoolId, in: call)
            guard let group = try snapshot.group(input.groupName, in: pool) else { throw ServiceError.groupNotFound }
            return CreateGroup.Output(group: group)
        }
    }
}
