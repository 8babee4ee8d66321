import ServiceKit

/// Removes an application from a pool.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClient.html)
struct DeleteUserPoolClient: AWSOperation {
    let store: UserPoolStore

    func permissions(for input: DescribeUserPoolClient.Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: DescribeUserPoolClient.Input, in call: Call) async throws -> NoOutput {
        let store = store
        try await store.write { transaction in
            let pool = try transaction.pool(input.userPoolId, in: call)
            try transaction.delete(try transaction.client(input.clientId, of: pool, store.masterKey))
        }
        return NoOutput()
    }
}
