import Bytes
import Crypto
import HTTPTypes
import Time

extension SignedRequest {
    /// Checks that the request is of its time: within 15 minutes of now, or before a presigned one's end.
    public func checkTime(now: Timestamp) throws(SignatureError) {
        let window = Duration.seconds(SignatureError.allowedSkewSeconds)
        switch form {
        case .policy:
            guard date <= now + window else { throw .presignedNotYetValid(date: date, now: now) }
        case .header:
            guard date <= now + window, date >= now - window else { throw .skewed(date: date, now: now) }
        case .presigned(let seconds):
            guard date <= now + window else { throw .presignedNotYetValid(date: date, now: now) }
            guard date + .seconds(seconds) >= now else {
                throw .presignedExpired(date: date, expiresSeconds: seconds, now: now)
            }
        }
    }

    /// Whether the digest of the whole body is needed to verify the signature.
    public var needsBodyDigest: Bool { payload == .ofBody }

    /// Verifies the signature over the request's head, and over the body where it is at hand.
    ///
    /// A body that is not passed here must be read through `VerifiedBody`, which holds it against what was signed.
    ///
    /// - Parameter body: the whole body where the caller has it; required where `needsBodyDigest`, empty otherwise.
    /// - Throws: `SignatureError.mismatch`, `.skewed` and relatives, `.payload(.hash)` for an altered body.
    public func verify(
        _ head: RequestHead, body: [UInt8]?, key: SigningKey, now: Timestamp
    ) throws(SignatureError) {
        try checkTime(now: now)
        if isForS3 { try checkS3Headers(of: head) }
        try verifySignature(head, body: body, key: key, rules: isForS3 ? .s3 : .standard)
        if case .stated(let stated) = payload, let body { try Self.check(body, against: stated) }
    }

    func verifySignature(
        _ head: RequestHead, body: [UInt8]?, key: SigningKey, rules: CanonicalRequest.Rules
    ) throws(SignatureError) {
        let digest = payload.text ?? String(decoding: SHA256.hex(of: body ?? []), as: UTF8.self)
        let canonical = CanonicalRequest(head, signedHeaders: signedHeaders, payload: digest, rules: rules).bytes
        let text = StringToSign.request(algorithm: algorithm, date: date, scope: scope, canonical: canonical)
        guard key.isValid(signature, of: text, algorithm: algorithm) else {
            throw mismatch(signature, stringToSign: text, canonical: canonical)
        }
    }

    func mismatch(_ provided: String, stringToSign: [UInt8], canonical: [UInt8] = []) -> SignatureError {
        .mismatch(
            .init(
                accessKeyID: accessKeyID, provided: provided,
                stringToSign: String(decoding: stringToSign, as: UTF8.self),
                canonicalRequest: String(decoding: canonical, as: UTF8.self)))
    }

    /// S3 wants the digest stated, and every header of its own covered by the signature.
    private func checkS3Headers(of head: RequestHead) throws(SignatureError) {
        guard case .header = form else { return try checkSigned(head) }
        guard payload != .ofBody else { throw .malformed(.contentHashMissing) }
        try checkSigned(head)
    }

    private func checkSigned(_ head: RequestHead) throws(SignatureError) {
        let unsigned = head.fields.filter { $0.name.isAmazonHeader }.map { $0.name.asciiLowercased }.filter { name in
            name != "x-amz-content-sha256" && !signedHeaders.contains(name)
        }
        guard unsigned.isEmpty else { throw .headersNotSigned(unsigned) }
    }

    private static func check(_ body: [UInt8], against stated: String) throws(SignatureError) {
        let computed = SHA256.hex(of: body)
        guard stated.utf8.elementsEqual(computed) else {
            throw .payload(.hash(stated: stated, computed: String(decoding: computed, as: UTF8.self)))
        }
    }

    /// Whether the signature is good for a region.
    public func covers(region: String) -> Bool {
        guard let regionSet else { return scope.region == region }
        return regionSet.split(separator: ",").contains { pattern in
            pattern == "*" || pattern == region || (pattern.hasSuffix("*") && region.hasPrefix(pattern.dropLast()))
        }
    }
}

extension String {
    /// Whether it begins with `x-amz-`, without regard to case.
    fileprivate var isAmazonHeader: Bool {
        utf8.count > 6 && utf8.prefix(6).elementsEqual("x-amz-".utf8) { $0.asciiLowercased == $1 }
    }
}
