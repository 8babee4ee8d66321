import ServiceKit

/// Revokes a refresh token and the access tokens that came from it.
///
/// [API reference](https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html)
struct RevokeToken: AWSOperation {
    struct Input: InputShape {
        let token: String
        let clientId: String
        let clientSecret: String?

        init(_ member: Members) throws {
            token = try member("Token")
            clientId = try member("ClientId")
            clientSecret = try member("ClientSecret")
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        let client = try await store.client(input.clientId).client
        if let secret = client.secret, !ConstantTime.equal(secret, input.clientSecret ?? "") {
            throw ServiceError("UnauthorizedException", "Client secret does not match.")
        }
        try await store.write { transaction in
            // An unknown token is as good as revoked (RFC 7009).
            guard let token = try transaction.refreshToken(input.token) else { return }
            guard token.clientID == client.id else {
                throw ServiceError("UnauthorizedException", "The token was not issued to this client.")
            }
            try transaction.revokeRefreshToken(input.token)
        }
        return NoOutput()
    }
}
