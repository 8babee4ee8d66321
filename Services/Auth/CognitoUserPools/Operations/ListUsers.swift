import ServiceKit

/// Lists users, page by page, all or those whose attribute equals or begins with a value.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html)
struct ListUsers: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let attributesToGet: [String]?
        let limit: Int
        let paginationToken: String?
        let filter: UserFilter?

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            attributesToGet = try member("AttributesToGet")
            limit = max(try member("Limit") ?? 60, 1)
            paginationToken = try member("PaginationToken")
            let text: String? = try member("Filter")
            filter = try text.flatMap { $0.isEmpty ? nil : try UserFilter($0) }
        }
    }

    struct Output: OutputShape {
        let users: [User]
        let attributes: [String]?
        let paginationToken: String?

        func write(to json: inout JSONWriter) {
            json.member("Users") { $0.users(users, attributes: attributes.map { Set($0) }) }
            json.member("PaginationToken", paginationToken)
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let scope = "ListUsers \(input.userPoolId)"
        var position = try store.pages.start(input.paginationToken, scope: scope)
        return try await store.read { snapshot in
            let pool = try snapshot.pool(input.userPoolId, in: call)
            var found: [User] = []
            while true {
                let users = try snapshot.users(of: pool, after: position, limit: input.limit, store.masterKey)
                for user in users where input.filter?.matches(user) ?? true {
                    if found.count == input.limit {
                        let token = found.last.map { store.pages.seal($0.username, scope: scope) }
                        return Output(users: found, attributes: input.attributesToGet, paginationToken: token)
                    }
                    found.append(user)
                }
                guard users.count == input.limit, let last = users.last else {
                    return Output(users: found, attributes: input.attributesToGet, paginationToken: nil)
                }
                position = last.username
            }
        }
    }
}
