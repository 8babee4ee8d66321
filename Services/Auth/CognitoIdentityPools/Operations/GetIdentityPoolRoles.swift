import ServiceKit

/// Answers which roles a pool's identities get.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetIdentityPoolRoles.html)
struct GetIdentityPoolRoles: AWSOperation {
    struct Output: OutputShape {
        let pool: IdentityPool

        func write(to json: inout JSONWriter) {
            json.member("IdentityPoolId", pool.id)
            pool.roles.write(to: &json)
        }
    }

    let store: IdentityPoolStore

    func permissions(for input: DescribeIdentityPool.Input, in call: Call) -> [Permission] {
        [Permission(on: IdentityPool.arn(input.identityPoolId, in: call))]
    }

    func perform(_ input: DescribeIdentityPool.Input, in call: Call) async throws -> Output {
        Output(pool: try await store.read { try $0.identityPool(input.identityPoolId, in: call) })
    }
}
