import ServiceKit

/// Deletes a pool with everything in it.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html)
struct DeleteUserPool: AWSOperation {
    let store: UserPoolStore

    func permissions(for input: DescribeUserPool.Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: DescribeUserPool.Input, in call: Call) async throws -> NoOutput {
        try await store.write { transaction in
            let pool = try transaction.pool(input.userPoolId, in: call)
            guard try !pool.isProtected() else {
                throw ServiceError.invalidParameter(
                    "The user pool cannot be deleted because deletion protection is activated. "
                        + "Deletion protection must be inactivated first.")
            }
            try transaction.delete(pool)
        }
        return NoOutput()
    }
}
