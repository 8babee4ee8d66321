import ServiceKit

/// Lists the groups of a pool, page by page.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListGroups.html)
struct ListGroups: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let limit: Int
        let nextToken: String?

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            limit = try member("Limit") ?? 60
            nextToken = try member("NextToken")
        }
    }

    struct Output: OutputShape {
        let groups: [Group]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("Groups", groups)
            json.member("NextToken", nextToken)
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let scope = "ListGroups \(input.userPoolId)"
        let page = try await store.pages.page(
            input.nextToken, limit: max(input.limit, 1), scope: scope, position: \.name
        ) { after, limit in
            try await store.read { snapshot in
                try snapshot.groups(of: try snapshot.pool(input.userPoolId, in: call), after: after, limit: limit)
            }
        }
        return Output(groups: page.elements, nextToken: page.next)
    }
}
