import ServiceKit

/// Lists the members of a group, page by page.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsersInGroup.html)
struct ListUsersInGroup: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let groupName: String
        let limit: Int
        let nextToken: String?

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            groupName = try member("GroupName")
            limit = max(try member("Limit") ?? 60, 1)
            nextToken = try member("NextToken")
        }
    }

    struct Output: OutputShape {
        let users: [User]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("Users") { $0.users(users) }
            json.member("NextToken", nextToken)
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let scope = "ListUsersInGroup \(input.userPoolId) \(input.groupName)"
        let page = try await store.pages.page(
            input.nextToken, limit: input.limit, scope: scope, position: \.username
        ) { after, limit in
            try await store.read { snapshot in
                let pool = try snapshot.pool(input.userPoolId, in: call)
                guard try snapshot.group(input.groupName, in: pool) != nil else { throw ServiceError.groupNotFound }
                return try snapshot.members(
                    of: input.groupName, in: pool, after: after, limit: limit, store.masterKey)
            }
        }
        return Output(users: page.elements, nextToken: page.next)
    }
}

extension JSONWriter {
    /// A list of UserType shapes.
    mutating func users(_ users: [User], attributes: Set<String>? = nil) {
        array { json in
            for user in users {
                var shown = user
                if let attributes { shown.attributes.removeAll { !attributes.contains($0.name) } }
                json.object { shown.write(to: &$0, attributesName: "Attributes") }
            }
        }
    }
}
