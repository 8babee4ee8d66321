import ServiceKit

/// Answers a pool's configuration.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentityPool.html)
struct DescribeIdentityPool: AWSOperation {
    struct Input: InputShape {
        let identityPoolId: String
        init(_ member: Members) throws { identityPoolId = try member("IdentityPoolId") }
    }

    let store: IdentityPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: IdentityPool.arn(input.identityPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> IdentityPool {
        try await store.read { try $0.identityPool(input.identityPoolId, in: call) }
    }
}
