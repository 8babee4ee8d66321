import ServiceKit

/// Lists the account's pools, page by page.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentityPools.html)
struct ListIdentityPools: AWSOperation {
    struct Input: InputShape {
        let maxResults: Int
        let nextToken: String?

        init(_ member: Members) throws {
            maxResults = try member("MaxResults")
            nextToken = try member("NextToken")
        }
    }

    struct Output: OutputShape {
        let pools: [IdentityPool]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("IdentityPools") { json in
                json.array { json in
                    for pool in pools {
                        json.object { json in
                            json.member("IdentityPoolId", pool.id)
                            if let name = pool.members.members["IdentityPoolName"] {
                                json.member("IdentityPoolName") { $0.raw(name) }
                            }
                        }
                    }
                }
            }
            json.member("NextToken", nextToken)
        }
    }

    let store: IdentityPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let page = try await store.pages.page(
            input.nextToken, limit: input.maxResults, scope: "pools", position: \.id
        ) { after, limit in
            try await store.read { try $0.identityPools(in: call, after: after, limit: limit) }
        }
        return Output(pools: page.elements, nextToken: page.next)
    }
}
