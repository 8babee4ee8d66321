import AWSSignature
import ServiceKit

/// Who sent a request, established. An object, as every step holds it.
final class Identity: Sendable {
    /// `Caller.encoded`, made once for each credential.
    let caller: [UInt8]
    let region: String?
    /// Also what the body is still to be held against.
    let signed: SignedRequest?
    let key: SigningKey?
    /// What was verified, as the owner's conditions ask for it.
    let signature: RequestSignature?

    init(
        caller: [UInt8], region: String?, signed: SignedRequest? = nil, key: SigningKey? = nil,
        signature: RequestSignature? = nil
    ) {
        self.caller = caller
        self.region = region
        self.signed = signed
        self.key = key
        self.signature = signature
    }
}

extension RequestSignature {
    init(_ signed: SignedRequest) {
        let form: Form =
            switch signed.form {
            case .header: .header
            case .presigned: .query
            case .policy: .post
            }
        self.init(
            form, algorithm: signed.algorithm.rawValue, date: signed.date, payload: signed.payload.text ?? "")
    }
}
