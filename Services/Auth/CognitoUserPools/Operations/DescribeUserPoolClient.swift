import ServiceKit

/// Answers a client's configuration, its secret included.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html)
struct DescribeUserPoolClient: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let clientId: String

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            clientId = try member("ClientId")
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> CreateUserPoolClient.Output {
        try await store.read { snapshot in
            let pool = try snapshot.pool(input.userPoolId, in: call)
            return CreateUserPoolClient.Output(
                client: try snapshot.client(input.clientId, of: pool, store.masterKey))
        }
    }
}
