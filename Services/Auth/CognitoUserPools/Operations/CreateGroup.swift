import ServiceKit

/// Creates a group of users.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html)
struct CreateGroup: AWSOperation {
    struct Input: InputShape {
        let groupName: String
        let userPoolId: String
        let description: String?
        let roleArn: String?
        let precedence: Int?

        init(_ member: Members) throws {
            groupName = try member("GroupName")
            userPoolId = try member("UserPoolId")
            description = try member("Description")
            roleArn = try member("RoleArn")
            precedence = try member("Precedence")
        }
    }

    struct Output: OutputShape {
        let group: Group
        func write(to json: inout JSONWriter) { json.member("Group", group) }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.write { transaction in
            let pool = try transaction.pool(input.userPoolId, in: call)
            guard try transaction.group(input.groupName, in: pool) == nil else { throw ServiceError.groupExists }
            let group = Group(
                poolID: pool.id, name: input.groupName, description: input.description, role: input.roleArn,
                precedence: input.precedence, created: call.now, modified: call.now)
            try transaction.insert(group)
            return Output(group: group)
        }
    }
}
