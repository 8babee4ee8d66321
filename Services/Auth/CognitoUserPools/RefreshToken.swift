import ServiceKit

/// A long-lived secret of a client, exchanged for new tokens; only its hash is kept.
struct RefreshToken: Sendable {
    let poolID: String
    let clientID: String
    let username: String
    let origin: String
    let signedIn: Timestamp
    let expires: Timestamp
    let isRevoked: Bool

    static func make() -> String { Base64.string(SecureRandom.bytes(96), .url) }
    static func hash(_ token: String) -> [UInt8] { SHA256.hash(token) }
}

extension Snapshot {
    func refreshToken(_ token: String) throws -> RefreshToken? {
        try first(
            """
            SELECT pool, client, username, origin, signed_in, expires, revoked FROM refresh_tokens WHERE hash = ?
            """, RefreshToken.hash(token)
        ) { row in
            RefreshToken(
                poolID: try row[0], clientID: try row[1], username: try row[2], origin: try row[3],
                signedIn: Timestamp(milliseconds: try row[4]), expires: Timestamp(milliseconds: try row[5]),
                isRevoked: try row[6])
        }
    }

    func isRevoked(origin: String) throws -> Bool {
        try exists("SELECT 1 FROM refresh_tokens WHERE origin = ? AND revoked = 1", origin)
    }
}

extension Transaction {
    func insertRefreshToken(_ token: String, for session: TokenIssuer.Session, expires: Timestamp) throws {
        try execute("DELETE FROM refresh_tokens WHERE expires < ?", session.signedIn.milliseconds)
        try execute(
            """
            INSERT INTO refresh_tokens (hash, pool, client, username, origin, signed_in, expires, revoked)
            VALUES (?, ?, ?, ?, ?, ?, ?, 0)
            """, RefreshToken.hash(token), session.pool.id, session.client.id, session.user.username, session.origin,
            session.signedIn.milliseconds, expires.milliseconds)
    }

    func revokeRefreshToken(_ token: String) throws {
        try execute("UPDATE refresh_tokens SET revoked = 1 WHERE hash = ?", RefreshToken.hash(token))
    }

    func revokeRefreshTokens(of user: User) throws {
        try execute(
            "UPDATE refresh_tokens SET revoked = 1 WHERE pool = ? AND username = ?", user.poolID, user.username)
    }
}
