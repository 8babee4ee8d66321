import ServiceKit

/// Lists a pool's identities, page by page.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentities.html)
struct ListIdentities: AWSOperation {
    struct Input: InputShape {
        let identityPoolId: String
        let maxResults: Int
        let nextToken: String?

        init(_ member: Members) throws {
            identityPoolId = try member("IdentityPoolId")
            maxResults = try member("MaxResults")
            nextToken = try member("NextToken")
        }
    }

    struct Output: OutputShape {
        let poolID: String
        let identities: [PoolIdentity]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("IdentityPoolId", poolID)
            json.member("Identities", identities)
            json.member("NextToken", nextToken)
        }
    }

    let store: IdentityPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: IdentityPool.arn(input.identityPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let scope = "identities \(input.identityPoolId)"
        let page = try await store.pages.page(
            input.nextToken, limit: input.maxResults, scope: scope, position: \.id
        ) { after, limit in
            try await store.read { snapshot in
                let pool = try snapshot.identityPool(input.identityPoolId, in: call)
                return try snapshot.identities(of: pool, after: after, limit: limit)
            }
        }
        return Output(poolID: input.identityPoolId, identities: page.elements, nextToken: page.next)
    }
}
