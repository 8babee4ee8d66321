import ServiceKit

/// Goes on with a sign-in.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html)
struct RespondToAuthChallenge: AWSOperation {
    struct Input: InputShape {
        let clientId: String
        let challengeName: String
        let session: String?
        let challengeResponses: [String: String]

        init(_ member: Members) throws {
            clientId = try member("ClientId")
            challengeName = try member("ChallengeName")
            session = try member("Session")
            challengeResponses = try member("ChallengeResponses") ?? [:]
        }
    }

    let signIn: SignIn

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> SignIn.Outcome {
        let (client, pool) = try await signIn.store.client(input.clientId)
        let attempt = SignIn.Attempt(client: client, pool: pool, parameters: input.challengeResponses)
        return try await signIn.answer(input.challengeName, session: input.session, attempt, in: call)
    }
}
