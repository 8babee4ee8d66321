import ServiceKit

/// Lists the pools of the account, page by page.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html)
struct ListUserPools: AWSOperation {
    struct Input: InputShape {
        let maxResults: Int
        let nextToken: String?

        init(_ member: Members) throws {
            maxResults = try member("MaxResults")
            nextToken = try member("NextToken")
        }
    }

    struct Output: OutputShape {
        let pools: [UserPool]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("UserPools") { json in
                json.array { json in
                    for pool in pools {
                        json.object { json in
                            json.member("Id", pool.id)
                            json.member("Name", pool.name)
                            json.member("CreationDate", pool.created)
                            json.member("LastModifiedDate", pool.modified)
                        }
                    }
                }
            }
            json.member("NextToken", nextToken)
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let page = try await store.pages.page(
            input.nextToken, limit: input.maxResults, scope: "ListUserPools", position: \.id
        ) { after, limit in
            try await store.read {
                try $0.pools(region: call.region, account: call.account, after: after, limit: limit)
            }
        }
        return Output(pools: page.elements, nextToken: page.next)
    }
}
