import ServiceKit

extension Transaction {
    /// Notes a token with the transaction it belongs to. False if the transaction was performed before.
    ///
    /// - Throws: `IdempotentParameterMismatchException` for a token of another request.
    func claim(_ token: TransactionToken, at now: Timestamp) throws -> Bool {
        let known: [UInt8]? = try value(
            "SELECT request FROM token WHERE account = ? AND region = ? AND token = ? AND expires_at > ?",
            token.account, token.region, token.token, now)
        if let known {
            guard known == token.request else { throw ServiceError.idempotentParameterMismatch }
            return false
        }
        try execute(
            """
            INSERT INTO token (account, region, token, request, expires_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (account, region, token) DO UPDATE
            SET request = excluded.request, expires_at = excluded.expires_at
            """,
            token.account, token.region, token.token, token.request, now + TransactionToken.lifetime)
        return true
    }

    func dropExpiredTokens(at now: Timestamp) throws {
        try execute("DELETE FROM token WHERE expires_at <= ?", now)
    }
}
