import ServiceKit

/// Deletes a pool with its identities.
///
/// [API reference](https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentityPool.html)
struct DeleteIdentityPool: AWSOperation {
    let store: IdentityPoolStore

    func permissions(for input: DescribeIdentityPool.Input, in call: Call) -> [Permission] {
        [Permission(on: IdentityPool.arn(input.identityPoolId, in: call))]
    }

    func perform(_ input: DescribeIdentityPool.Input, in call: Call) async throws -> NoOutput {
        try await store.write { try $0.delete(try $0.identityPool(input.identityPoolId, in: call)) }
        return NoOutput()
    }
}
