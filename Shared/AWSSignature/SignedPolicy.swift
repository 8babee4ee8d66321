import HTTPTypes
import Time

/// The signature of a policy that a browser sends beside the fields of a form.
///
/// [Reference](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html)
extension SignedRequest {
    /// Reads the form's fields: `x-amz-algorithm`, `x-amz-credential`, `x-amz-date`, `x-amz-signature` and
    /// `x-amz-security-token`; names are in lower case.
    ///
    /// - Throws: `SignatureError.malformed` and its relatives.
    public static func ofPolicy(_ fields: [String: String]) throws(SignatureError) -> SignedRequest {
        let required = ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"]
        let missing = required.filter { (fields[$0] ?? "").isEmpty }
        guard missing.isEmpty else { throw .malformed(.queryParameters(missing: missing)) }
        let name = fields["x-amz-algorithm"] ?? ""
        // A public key would have to stand for each region, and no form has a place for a set of them.
        guard let algorithm = SigningAlgorithm(rawValue: name), algorithm == .hmac else {
            throw .malformed(.algorithm(name))
        }
        let credential = try Credential(fields["x-amz-credential"] ?? "", algorithm: algorithm)
        guard let date = Timestamp(iso8601Basic: fields["x-amz-date"] ?? "") else { throw .malformed(.date) }
        try AuthorizationHeader.check(credential.scope, against: date)
        return SignedRequest(
            form: .policy, algorithm: algorithm, accessKeyID: credential.accessKeyID, scope: credential.scope,
            regionSet: nil, date: date, signedHeaders: [], signature: fields["x-amz-signature"] ?? "",
            sessionToken: fields["x-amz-security-token"], payload: .unsigned)
    }

    /// Verifies the signature over a policy as the form has it, in base64.
    ///
    /// - Throws: `SignatureError.mismatch`
    public func verify(policy: String, key: SigningKey) throws(SignatureError) {
        let text = Array(policy.utf8)
        guard case .policy = form, key.isValid(signature, of: text, algorithm: algorithm) else {
            throw mismatch(signature, stringToSign: text)
        }
    }
}
