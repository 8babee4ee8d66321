import AWSSignature

/// Who sent a request, established.
struct Identity: Sendable {
    /// `Caller.encoded`, made once for each credential.
    let caller: [UInt8]
    let region: String?
    let signed: SignedRequest?
    let key: SigningKey?
}
