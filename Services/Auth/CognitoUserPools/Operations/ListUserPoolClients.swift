import ServiceKit

/// Lists the applications of a pool, page by page.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html)
struct ListUserPoolClients: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let maxResults: Int
        let nextToken: String?

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            maxResults = try member("MaxResults") ?? 60
            nextToken = try member("NextToken")
        }
    }

    struct Output: OutputShape {
        let clients: [UserPoolClient]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("UserPoolClients") { json in
                json.array { json in
                    for client in clients {
                        json.object { json in
                            json.member("ClientId", client.id)
                            json.member("UserPoolId", client.poolID)
                            json.member("ClientName", client.name)
                        }
                    }
                }
            }
            json.member("NextToken", nextToken)
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let scope = "ListUserPoolClients \(input.userPoolId)"
        let page = try await store.pages.page(
            input.nextToken, limit: input.maxResults, scope: scope, position: \.id
        ) { after, limit in
            try await store.read { snapshot in
                let pool = try snapshot.pool(input.userPoolId, in: call)
                return try snapshot.clients(of: pool, after: after, limit: limit, store.masterKey)
            }
        }
        return Output(clients: page.elements, nextToken: page.next)
    }
}
