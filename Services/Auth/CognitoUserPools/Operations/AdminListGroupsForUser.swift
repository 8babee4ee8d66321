import ServiceKit

/// Lists the groups a user belongs to; there are at most a hundred, so they come in one page.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html)
struct AdminListGroupsForUser: AWSOperation {
    let store: UserPoolStore

    func permissions(for input: AdminGetUser.Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: AdminGetUser.Input, in call: Call) async throws -> ListGroups.Output {
        try await store.read { snapshot in
            let pool = try snapshot.pool(input.userPoolId, in: call)
            guard let user = try snapshot.user(input.username, in: pool, store.masterKey) else {
                throw ServiceError.userNotFound
            }
            return ListGroups.Output(groups: try snapshot.groups(of: user), nextToken: nil)
        }
    }
}
