import ServiceKit

/// Answers a pool's configuration.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html)
struct DescribeUserPool: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        init(_ member: Members) throws { userPoolId = try member("UserPoolId") }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> CreateUserPool.Output {
        CreateUserPool.Output(pool: try await store.pool(input.userPoolId, in: call))
    }
}
