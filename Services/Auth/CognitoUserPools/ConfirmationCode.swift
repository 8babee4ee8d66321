import ServiceKit

/// A code of six digits sent to an address: good for a time and a number of tries, kept as a hash.
enum ConfirmationCode {
    enum Purpose: String, Sendable {
        case signUp = "sign-up"
        case passwordReset = "password-reset"
    }

    static let validity = Duration.seconds(24 * 3600)
    static let resetValidity = Duration.seconds(3600)
    static let allowedFailures = 5

    static func make() -> String { SecureRandom.string(6, of: .digits) }

    static func hash(_ code: String, for user: User) -> [UInt8] {
        SHA256.hash(Array("\(user.poolID) \(user.sub) \(code)".utf8))
    }
}

extension Transaction {
    /// Makes a code and queues the mail that carries it, in the transaction that asks for it.
    func sendCode(
        to user: User, of pool: UserPool, for purpose: ConfirmationCode.Purpose, by store: UserPoolStore,
        at now: Timestamp
    ) throws -> CodeDeliveryDetails? {
        guard let email = user["email"] else { return nil }
        let code = ConfirmationCode.make()
        let validity = purpose == .signUp ? ConfirmationCode.validity : ConfirmationCode.resetValidity
        try execute(
            "INSERT OR REPLACE INTO codes (pool, username, purpose, hash, expires, failures) VALUES (?, ?, ?, ?, ?, 0)",
            user.poolID, user.username, purpose.rawValue, ConfirmationCode.hash(code, for: user),
            (now + validity).milliseconds)
        try queueMail(try CodeMessage(code, to: email, from: pool), in: store)
        return CodeDeliveryDetails(email: email)
    }

    /// Checks a code. A right one is used up; a wrong one is counted, so this must commit also when it answers no.
    func useCode(
        _ code: String, of user: User, for purpose: ConfirmationCode.Purpose, at now: Timestamp
    ) throws -> ServiceError? {
        let found: (hash: [UInt8], expires: Int64, failures: Int)? = try first(
            "SELECT hash, expires, failures FROM codes WHERE pool = ? AND username = ? AND purpose = ?", user.poolID,
            user.username, purpose.rawValue
        ) { (try $0[0], try $0[1], try $0[2]) }
        guard let found, now.milliseconds < found.expires else { return .codeExpired }
        guard found.failures < ConfirmationCode.allowedFailures else { return .tooManyFailedAttempts }
        let isRight = ConstantTime.equal(ConfirmationCode.hash(code, for: user), found.hash)
        try execute(
            isRight
                ? "DELETE FROM codes WHERE pool = ? AND username = ? AND purpose = ?"
                : "UPDATE codes SET failures = failures + 1 WHERE pool = ? AND username = ? AND purpose = ?",
            user.poolID, user.username, purpose.rawValue)
        return isRight ? nil : .codeMismatch
    }
}
