import ServiceKit

/// Changes what is given of a group.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateGroup.html)
struct UpdateGroup: AWSOperation {
    let store: UserPoolStore

    func permissions(for input: CreateGroup.Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: CreateGroup.Input, in call: Call) async throws -> CreateGroup.Output {
        try await store.write { transaction in
            let pool = try transaction.pool(input.userPoolId, in: call)
            guard var group = try transaction.group(input.groupName, in: pool) else {
                throw ServiceError.groupNotFound
            }
            group.description = input.description ?? group.description
            group.role = input.roleArn ?? group.role
            group.precedence = input.precedence ?? group.precedence
            group.modified = call.now
            try transaction.update(group)
            return CreateGroup.Output(group: group)
        }
    }
}
