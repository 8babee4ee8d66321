import ServiceKit

/// Asks auth whether a request comes from whoever holds the device of the root of the bucket's account.
///
/// [Configuring MFA delete](https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html)
struct RootFactor: Sendable {
    let client: ServiceClient

    /// Takes a claim's code, which is good once.
    ///
    /// - Returns: whether there was a claim.
    /// - Throws: `AccessDenied` for anybody but the root, `NotDeviceOwnerError`, `TokenCodeInvalidError`.
    func take(_ claim: MFAClaim?, for bucket: Bucket, in call: Call) async throws -> Bool {
        guard let claim else { return false }
        guard call.caller.accessKeyID?.hasPrefix("ASIA") != true else { throw ServiceError.factorWithSession }
        guard call.caller.kind == .root, call.caller.account == bucket.account else {
            throw ServiceError.bucketOwnerOnly
        }
        switch try await verdict(on: claim, call) {
        case "Good": return true
        case "Wrong": throw ServiceError.wrongTokenCode
        default: throw ServiceError.notDeviceOwner(claim)
        }
    }

    private func verdict(on claim: MFAClaim, _ call: Call) async throws -> String {
        var options = ServiceClient.Options()
        options.timeout = .seconds(5)
        options.trace = call.trace
        // The token is of this use alone: sent a second time it is answered as the first time.
        options.isIdempotent = true
        let token = Identifier.uuid()
        let reply = try await client.call("apus.auth", "TakeRootMFACode", options: options) { json in
            json.member("Account", call.caller.account)
            json.member("SerialNumber", claim.serial)
            json.member("TokenCode", claim.code)
            json.member("Token", token)
        }
        return try Members(reply.output)("Verdict")
    }
}
