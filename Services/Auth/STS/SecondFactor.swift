import IAM
import ServiceKit

/// What a session knows of a second factor: `aws:MultiFactorAuthPresent`, and since when.
///
/// [Secure API access with MFA](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html)
struct SecondFactor: Sendable {
    /// `SerialNumber` and `TokenCode` of a request.
    struct Claim: Sendable {
        let serial: String
        let code: String

        /// `nil` where there is neither.
        ///
        /// - Throws: `ValidationError` for one without the other.
        init?(_ member: Members) throws {
            let (serial, code): (String?, String?) = (try member("SerialNumber"), try member("TokenCode"))
            if serial == nil, code == nil { return nil }
            guard let serial, let code else {
                throw ServiceError.validation("Both MFA serial number and one-time password must be provided together")
            }
            (self.serial, self.code) = (serial, code)
        }
    }

    let codes: MFACodes

    /// Condition keys of a caller that claims a factor, whose code is taken, or of one that does not.
    ///
    /// - Throws: `AccessDenied`
    func context(_ claim: Claim?, of caller: Caller, at now: Timestamp) async throws -> [String: [String]] {
        if let claim { try await codes.take(claim.code, of: claim.serial, by: caller, at: now) }
        return inherited(by: claim, of: caller, at: now)
    }

    /// Condition keys of the session that a caller begins, whose claim was found good: what a session was begun with
    /// goes on with those it begins.
    func inherited(by claim: Claim?, of caller: Caller, at now: Timestamp) -> [String: [String]] {
        if claim != nil {
            return [AccessRequest.factorKey: ["true"], AccessRequest.factorTimeKey: [String(now.seconds)]]
        }
        let keys = [AccessRequest.factorKey, AccessRequest.factorTimeKey]
        let kept = caller.context.filter { keys.contains($0.key) }
        return kept.isEmpty ? [AccessRequest.factorKey: ["false"]] : kept
    }
}
