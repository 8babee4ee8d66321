import ServiceKit

/// Deletes the user whose access token is given.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUser.html)
struct DeleteUser: AWSOperation {
    let store: UserPoolStore
    let tokens: TokenIssuer

    func permissions(for input: GetUser.Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: GetUser.Input, in call: Call) async throws -> NoOutput {
        let user = try await tokens.user(accessToken: input.accessToken, in: call).user
        try await store.write { try $0.delete(user) }
        return NoOutput()
    }
}
