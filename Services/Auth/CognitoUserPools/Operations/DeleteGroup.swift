import ServiceKit

/// Deletes a group; its members stay.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteGroup.html)
struct DeleteGroup: AWSOperation {
    let store: UserPoolStore

    func permissions(for input: GetGroup.Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: GetGroup.Input, in call: Call) async throws -> NoOutput {
        try await store.write { transaction in
            let pool = try transaction.pool(input.userPoolId, in: call)
            guard let group = try transaction.group(input.groupName, in: pool) else {
                throw ServiceError.groupNotFound
            }
            try transaction.delete(group)
        }
        return NoOutput()
    }
}
