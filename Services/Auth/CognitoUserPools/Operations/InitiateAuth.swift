import ServiceKit

/// Begins to sign a user in.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html)
struct InitiateAuth: AWSOperation {
    struct Input: InputShape {
        let authFlow: String
        let authParameters: [String: String]
        let clientId: String

        init(_ member: Members) throws {
            authFlow = try member("AuthFlow")
            authParameters = try member("AuthParameters") ?? [:]
            clientId = try member("ClientId")
        }
    }

    let signIn: SignIn

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> SignIn.Outcome {
        guard !input.authFlow.hasPrefix("ADMIN_") else {
            throw ServiceError.invalidParameter("Initiate Auth method not supported.")
        }
        let (client, pool) = try await signIn.store.client(input.clientId)
        let attempt = SignIn.Attempt(client: client, pool: pool, parameters: input.authParameters)
        return try await signIn.begin(input.authFlow, attempt, in: call)
    }
}
