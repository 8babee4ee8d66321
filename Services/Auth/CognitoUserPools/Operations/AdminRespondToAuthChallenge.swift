import ServiceKit

/// Goes on with a sign-in from a server that holds AWS credentials.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html)
struct AdminRespondToAuthChallenge: AWSOperation {
    struct Input: InputShape {
        let userPoolId: String
        let clientId: String
        let challengeName: String
        let challengeResponses: [String: String]
        let session: String?

        init(_ member: Members) throws {
            userPoolId = try member("UserPoolId")
            clientId = try member("ClientId")
            challengeName = try member("ChallengeName")
            challengeResponses = try member("ChallengeResponses") ?? [:]
            session = try member("Session")
        }
    }

    let signIn: SignIn

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: UserPool.arn(input.userPoolId, in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> SignIn.Outcome {
        let attempt = try await signIn.attempt(
            input.clientId, of: input.userPoolId, parameters: input.challengeResponses, in: call)
        return try await signIn.answer(input.challengeName, session: input.session, attempt, in: call)
    }
}
