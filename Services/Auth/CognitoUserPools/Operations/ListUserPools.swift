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
        let position = try store.position(input.nextToken, scope: "ListUserPools")
        let pools = try await store.read {
            try $0.pools(
                region: call.region, account: call.account, after: position, limit: input.maxResults + 1)
        }
        let page = Array(pools.prefix(input.maxResults))
        let isLast = pools.count <= input.maxResults
        return Output(
            pools: page, nextToken: isLast ? nil : store.token(after: page.last?.id, scope: "ListUserPools"))
    }
}

extension UserPoolStore {
    private var pageToken: PageToken { PageToken(key: masterKey.derived("cognito page tokens")) }

    /// Where the last page ended; the empty string for the first one.
    func position(_ token: String?, scope: String) throws -> String {
        guard let token else { return "" }
        guard let position = pageToken.open(token, scope: scope) else {
            throw ServiceError.invalidParameter("Invalid pagination token.")
        }
        return position
    }

    func token(after position: String?, scope: String) -> String? {
        position.map { pageToken.seal($0, scope: scope) }
    }
}
