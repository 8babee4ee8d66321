import ServiceKit

/// Answers the attributes of the user whose access token is given.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html)
struct GetUser: AWSOperation {
    struct Input: InputShape {
        let accessToken: String
        init(_ member: Members) throws { accessToken = try member("AccessToken") }
    }

    struct Output: OutputShape {
        let user: User

        func write(to json: inout JSONWriter) {
            json.member("Username", user.username)
            json.member("UserAttributes", user.allAttributes)
        }
    }

    let store: UserPoolStore
    let tokens: TokenIssuer

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        Output(user: try await tokens.user(accessToken: input.accessToken, in: call).user)
    }
}
