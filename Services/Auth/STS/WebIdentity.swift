import IAM
import JWT
import ServiceKit

/// A token of an identity provider, verified.
struct WebIdentity: Sendable {
    /// What trust policies name.
    let provider: String
    let subject: String
    let audience: String
    /// The condition keys of the provider: `host:aud`, `host:sub`, …
    let context: [String: [String]]
}

/// Verifies the tokens of the providers an account knows.
struct WebIdentities: Sendable {
    let roles: RoleStore
    let client: ServiceClient

    /// - Parameter account: of the role that is wanted, which must know the provider.
    /// - Throws: `InvalidIdentityToken`, `ExpiredTokenException`, `IDPCommunicationError`
    func verify(_ token: String, for account: String, at now: Timestamp) async throws -> WebIdentity {
        guard let token = try? JSONWebToken(token), let issuer = token.issuer, let subject = token.subject else {
            throw ServiceError.invalidIdentityToken("The ID Token provided is not a valid JWT.")
        }
        let host =
            issuer.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).count == 3
            ? issuer.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)[2] : Substring(issuer)
        guard let provider = try await roles.provider(of: String(host), in: account) else {
            throw ServiceError.invalidIdentityToken("No OpenIDConnect provider found in your account for \(issuer)")
        }
        try verify(token, with: try await keys(of: issuer), at: now)
        let audience = token.claims["aud"]?.string ?? token.claims["client_id"]?.string ?? ""
        guard provider.clientIDs.contains(audience) else {
            throw ServiceError.invalidIdentityToken("Incorrect token audience")
        }
        return WebIdentity(
            provider: provider.arn, subject: subject, audience: audience,
            context: context(of: token, host: String(host), audience: audience))
    }

    private func verify(_ token: JSONWebToken, with keys: JSONWebKeySet, at now: Timestamp) throws {
        do {
            try token.verify(with: keys, at: now)
        } catch {
            guard error != .expired else { throw ServiceError.expiredIdentityToken }
            throw ServiceError.invalidIdentityToken("The ID Token provided could not be verified: \(error)")
        }
    }

    /// The keys of a user pool of this stack; the address ends with the pool's identifier.
    private func keys(of issuer: String) async throws -> JSONWebKeySet {
        let pool = String(issuer.split(separator: "/").last ?? "")
        var options = ServiceClient.Options()
        options.isIdempotent = true
        do {
            let reply = try await client.call("apus.auth", "GetJWKS", options: options) { $0.member("PoolId", pool) }
            guard let document = reply.output["Document"] else { throw ServiceError.internalFailure }
            return try JSONWebKeySet(json: document)
        } catch let error as ServiceError where error.code == "ResourceNotFoundException" {
            // Keys of providers outside the stack would have to be fetched over the network.
            throw ServiceError(
                "IDPCommunicationError", "The keys of \(issuer) are not available: it is no user pool of this stack.")
        }
    }

    private func context(of token: JSONWebToken, host: String, audience: String) -> [String: [String]] {
        var context = ["\(host):aud": [audience]]
        for name in ["sub", "oaud", "azp", "email"] {
            if let value = token.claims[name]?.string { context["\(host):\(name)"] = [value] }
        }
        if let methods = token.claims["amr"] { context["\(host):amr"] = methods.elements.compactMap(\.string) }
        return context
    }
}
