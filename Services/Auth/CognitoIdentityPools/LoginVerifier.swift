import JWT
import ServiceKit

/// A token of a pool's provider, checked.
struct VerifiedLogin: Sendable {
    let provider: String
    let clientID: String
    let subject: String
    let claims: JSONValue
}

/// Checks the tokens that callers name their logins by.
struct LoginVerifier: Sendable {
    let client: ServiceClient

    /// - Parameter logins: identity tokens by provider: `["cognito-idp.…/us-east-1_…": token]`.
    /// - Throws: `NotAuthorizedException` unless every token is valid and of a provider and client of the pool.
    func verify(_ logins: [String: String], for pool: IdentityPool, at now: Timestamp) async throws -> [VerifiedLogin] {
        let providers = try pool.providers()
        var verified: [VerifiedLogin] = []
        for (name, text) in logins.sorted(by: { $0.key < $1.key }) {
            let accepted = providers.filter { $0.name == name }
            guard !accepted.isEmpty else { throw ServiceError.providerNotInPool }
            let token = try await verify(text, of: name, at: now)
            guard let audience = token.claims["aud"]?.string, let subject = token.subject,
                token.claims["token_use"]?.string == "id"
            else { throw ServiceError.invalidLogin }
            guard accepted.contains(where: { $0.clientID == audience }) else { throw ServiceError.providerNotInPool }
            verified.append(
                VerifiedLogin(provider: name, clientID: audience, subject: subject, claims: token.claims))
        }
        return verified
    }

    private func verify(_ text: String, of provider: String, at now: Timestamp) async throws -> JSONWebToken {
        guard let userPool = provider.split(separator: "/").last.map(String.init),
            let token = try? JSONWebToken(text)
        else { throw ServiceError.invalidLogin }
        guard let issuer = token.issuer, issuer.hasSuffix("/\(userPool)") else { throw ServiceError.wrongIssuer }
        var options = ServiceClient.Options()
        options.isIdempotent = true
        do {
            let reply = try await client.call("apus.auth", "GetJWKS", options: options) {
                $0.member("PoolId", userPool)
            }
            try token.verify(with: JSONWebKeySet(json: Members(reply.output)("Document")), at: now)
            return token
        } catch TokenError.expired {
            throw ServiceError.expiredLogin
        } catch is TokenError {
            throw ServiceError.invalidLogin
        } catch let error as ServiceError where error.code == "ResourceNotFoundException" {
            throw ServiceError.invalidLogin
        }
    }
}
