import JWT
import ServiceKit
import Synchronization

/// Issues the tokens of a sign-in and checks the access tokens that come back.
final class TokenIssuer: Sendable {
    let store: UserPoolStore
    /// Keys by pool: read and parsed once. A pool's keys never change under their identifiers.
    private let signers = Mutex<[String: TokenSigner]>([:])

    init(store: UserPoolStore) { self.store = store }

    /// A user signed in by a client, about to get tokens.
    struct Session: Sendable {
        let user: User
        let client: UserPoolClient
        let pool: UserPool
        let groups: [Group]
        /// Names the sign-in in every token that follows from it; revoking it revokes them all.
        let origin: String
        let signedIn: Timestamp
    }

    func tokens(for session: Session, refreshToken: String?, in call: Call) async throws -> AuthenticationResult {
        let signer = try await signer(of: session.pool.id)
        let event = Identifier.uuid()
        return AuthenticationResult(
            accessToken: try signer.sign(try accessClaims(of: session, event: event, in: call)),
            idToken: try signer.sign(try idClaims(of: session, event: event, in: call)), refreshToken: refreshToken,
            expiresInSeconds: Int(try session.client.validity(of: .access).milliseconds / 1000))
    }

    /// The user an access token stands for.
    ///
    /// - Throws: `NotAuthorizedException` for tokens that are false, late, revoked, or not access tokens.
    func user(accessToken: String, in call: Call) async throws -> (user: User, pool: UserPool) {
        guard let token = try? JSONWebToken(accessToken), let issuer = token.issuer,
            let poolID = issuer.split(separator: "/").last.map(String.init), let keyID = token.keyID,
            let signer = try? await signer(of: poolID), signer.keyID == keyID
        else { throw ServiceError.invalidAccessToken }
        do {
            try token.verify(with: JSONWebKeySet([keyID: signer.publicKey]), at: call.now)
        } catch {
            throw error == .expired ? ServiceError.expiredAccessToken : ServiceError.invalidAccessToken
        }
        guard token.claims["token_use"]?.string == "access", let username = token.claims["username"]?.string,
            let signedIn = token.claims["auth_time"]?.int64, let origin = token.claims["origin_jti"]?.string
        else { throw ServiceError.invalidAccessToken }
        let masterKey = store.masterKey
        return try await store.read { snapshot in
            guard let pool = try snapshot.pool(poolID), let user = try snapshot.user(username, in: pool, masterKey)
            else { throw ServiceError.userNotFound }
            guard user.isEnabled else { throw ServiceError.userDisabled }
            let isRevoked = try snapshot.isRevoked(origin: origin)
            guard !isRevoked, signedIn >= user.tokensValidAfter.seconds else { throw ServiceError.revokedAccessToken }
            return (user, pool)
        }
    }

    func signer(of poolID: String) async throws -> TokenSigner {
        if let signer = signers.withLock({ $0[poolID] }) { return signer }
        guard let key = try await store.read({ try $0.sealedKeys(of: poolID).first }) else {
            throw ServiceError.userPoolNotFound(poolID)
        }
        let pem = String(decoding: try store.masterKey.open(key.sealed, for: "key \(key.id)"), as: UTF8.self)
        let signer = try TokenSigner(key: RSA.PrivateKey(pem: pem), keyID: key.id)
        signers.withLock { $0[poolID] = signer }
        return signer
    }

    static func issuer(_ poolID: String, endpoint: String) -> String { "\(endpoint)/\(poolID)" }

    private func accessClaims(of session: Session, event: String, in call: Call) throws -> [UInt8] {
        var json = JSONWriter()
        try json.object { json in
            try writeCommon(session, use: .access, event: event, in: call, to: &json)
            json.member("token_use", "access")
            json.member("scope", "aws.cognito.signin.user.admin")
            json.member("client_id", session.client.id)
            json.member("username", session.user.username)
        }
        return json.bytes
    }

    private func idClaims(of session: Session, event: String, in call: Call) throws -> [UInt8] {
        let user = session.user
        var json = JSONWriter()
        try json.object { json in
            try writeCommon(session, use: .id, event: event, in: call, to: &json)
            json.member("token_use", "id")
            json.member("aud", session.client.id)
            json.member("cognito:username", user.username)
            for attribute in user.attributes {
                if attribute.name.hasSuffix("_verified") {
                    json.member(attribute.name, attribute.value == "true")
                } else {
                    json.member(attribute.name, attribute.value)
                }
            }
            let roles = session.groups.compactMap(\.role)
            if !roles.isEmpty { json.member("cognito:roles", roles) }
            json.member("cognito:preferred_role", Group.preferredRole(session.groups))
        }
        return json.bytes
    }

    private func writeCommon(
        _ session: Session, use: UserPoolClient.TokenUse, event: String, in call: Call, to json: inout JSONWriter
    ) throws {
        json.member("sub", session.user.sub)
        if !session.groups.isEmpty { json.member("cognito:groups", session.groups.map(\.name)) }
        json.member("iss", TokenIssuer.issuer(session.pool.id, endpoint: call.source.endpoint))
        json.member("origin_jti", session.origin)
        json.member("event_id", event)
        json.member("auth_time", session.signedIn.seconds)
        json.member("iat", call.now.seconds)
        json.member("exp", (call.now + (try session.client.validity(of: use))).seconds)
        json.member("jti", Identifier.uuid())
    }
}

struct AuthenticationResult: OutputShape {
    let accessToken: String
    let idToken: String
    let refreshToken: String?
    let expiresInSeconds: Int

    func write(to json: inout JSONWriter) {
        json.member("AccessToken", accessToken)
        json.member("ExpiresIn", expiresInSeconds)
        json.member("TokenType", "Bearer")
        json.member("RefreshToken", refreshToken)
        json.member("IdToken", idToken)
    }
}
