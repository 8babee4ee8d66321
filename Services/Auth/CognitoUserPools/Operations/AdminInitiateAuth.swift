import ServiceKit

/// Begins to sign a user in from a server that holds AWS credentials.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html)
struct AdminInitiateAuth: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let clientId: String
        let authFlow: String
        let authParameters: [String: String]

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            clientId = try member("ClientId")
            authFlow = try member("AuthFlow")
            authParameters = try member("AuthParameters") ?? [:]
        }
    }

    let signIn: SignIn

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> SignIn.Outcome {
        let attempt = try await signIn.attempt(
            input.clientId, of: input.userPoolId, parameters: input.authParameters, in: call)
        return try await signIn.begin(input.authFlow, attempt, in: call)
    }
}

extension SignIn {
    /// An attempt that an administrator makes: the pool is named and must be the account's.
    func attempt(
        _ clientID: String, of poolID: String, parameters: [String: String], in call: Call
    ) async throws -> Attempt {
        try await store.read { snapshot in
            let pool = try snapshot.pool(poolID, in: call)
            return Attempt(
                client: try snapshot.client(clientID, of: pool, store.masterKey), pool: pool, parameters: parameters)
        }
    }
}
