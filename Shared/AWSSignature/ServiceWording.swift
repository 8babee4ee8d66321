import Bytes
import Crypto
import Time

/// The words of every service but S3.
struct ServiceWording {
    /// `Exception` in the JSON protocols, nothing in the query protocol.
    let suffix: String
    let status: Int

    private var isQuery: Bool { suffix.isEmpty }
    private var mismatchCode: String { isQuery ? "SignatureDoesNotMatch" : "InvalidSignatureException" }
    private var unknownKeyCode: String { isQuery ? "InvalidClientTokenId" : "UnrecognizedClientException" }

    func answer(to error: SignatureError) -> SignatureAnswer {
        switch error {
        case .missingAuthentication:
            .init("MissingAuthenticationToken\(suffix)", "Request is missing Authentication Token", status)
        case .malformed(let malformation): answer(to: malformation)
        case .unknownAccessKey, .invalidToken:
            .init(unknownKeyCode, "The security token included in the request is invalid.", status)
        case .expiredToken:
            .init("ExpiredToken\(suffix)", "The security token included in the request is expired", status)
        case .wrongRegion:
            .init(mismatchCode, "Credential should be scoped to a valid region. ", status)
        case .wrongService(_, let expected):
            .init(mismatchCode, "Credential should be scoped to correct service: '\(expected)'. ", status)
        case .headersNotSigned(let names):
            .init(
                mismatchCode, "'\(names.joined(separator: "', '"))' must be a 'SignedHeader' in the AWS Authorization.",
                status)
        case .skewed(let date, let now): .init(mismatchCode, skewMessage(date, now), status)
        case .presignedExpired(let date, let seconds, let now):
            .init(mismatchCode, expiryMessage(of: date + .seconds(seconds), now, "(\(now.iso8601Basic))"), status)
        case .presignedNotYetValid(let date, let now): .init(mismatchCode, skewMessage(date, now), status)
        case .mismatch(let mismatch): .init(mismatchCode, mismatchMessage(mismatch), status)
        case .payload(let fault): answer(to: fault)
        }
    }

    private func answer(to malformation: SignatureError.Malformation) -> SignatureAnswer {
        let incomplete = "IncompleteSignature\(suffix)"
        let message: String
        switch malformation {
        case .algorithm(let name): message = "Unsupported AWS 'algorithm': '\(name)'."
        case .severalMechanisms: message = "Only one auth mechanism allowed."
        case .pair(let part, let header):
            message =
                "'\(part)' not a valid key=value pair (missing equal-sign) in Authorization header"
                + fingerprint(header)
        case .parameters(let missing, let isDated, let header):
            message =
                missing.map { "Authorization header requires '\($0)' parameter. " }.joined()
                + (isDated
                    ? "" : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
                + "Authorization header" + fingerprint(header)
        case .queryParameters(let missing):
            message =
                missing.map { "AWS query-string parameters must include '\($0)'. " }.joined()
                + "Re-examine the query-string parameters."
        case .credential(let text, let elements):
            message =
                "Credential must have exactly \(elements) slash-delimited elements, "
                + "e.g. keyid/date/region/service/term, got '\(text)'"
        case .date, .queryDate: message = "Date must be in ISO-8601 'basic format'."
        case .expiresIsNoNumber, .expiresIsNegative, .expiresTooLate:
            message = "X-Amz-Expires must be a number of seconds between 0 and \(PresignedQuery.longestSeconds)."
        case .contentHash, .contentHashMissing: message = "x-amz-content-sha256 must be a valid SHA-256 value."
        case .terminator, .scopeDate, .hostNotSigned:
            return SignatureAnswer(mismatchCode, scopeMessage(malformation), status)
        }
        return SignatureAnswer(incomplete, message, status)
    }

    private func scopeMessage(_ malformation: SignatureError.Malformation) -> String {
        switch malformation {
        case .terminator(let text):
            "Credential should be scoped with a valid terminator: 'aws4_request', not '\(text)'. "
        case .scopeDate(let date, let request):
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                + "'\(date)' != '\(request.basicDate)', from '\(request.iso8601Basic)'."
        default: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
        }
    }

    private func answer(to fault: SignatureError.PayloadFault) -> SignatureAnswer {
        switch fault {
        case .hash:
            .init(
                mismatchCode, "The value of 'x-amz-content-sha256' does not match the body of the request.", status)
        default: .init("SerializationException", "The body of the request could not be read.", 400)
        }
    }

    /// What AWS prints so that two sides can compare the header without showing it.
    private func fingerprint(_ header: String) -> String {
        " (hashed with SHA-256 and encoded with Base64): '\(Base64.string(SHA256.hash(header)))'."
    }

    private func skewMessage(_ date: Timestamp, _ now: Timestamp) -> String {
        let window = SignatureError.allowedSkewSeconds
        guard date > now else {
            return expiryMessage(of: date, now - .seconds(window), "(\(now.iso8601Basic) - \(window / 60) min.)")
        }
        let latest = (now + .seconds(window)).iso8601Basic
        return "Signature not yet current: \(date.iso8601Basic) is still later than \(latest) "
            + "(\(now.iso8601Basic) + \(window / 60) min.)"
    }

    private func expiryMessage(of date: Timestamp, _ earliest: Timestamp, _ explanation: String) -> String {
        "Signature expired: \(date.iso8601Basic) is now earlier than \(earliest.iso8601Basic) \(explanation)"
    }

    private func mismatchMessage(_ mismatch: SignatureError.Mismatch) -> String {
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
            + "Key and signing method. Consult the service documentation for details."
            + "\n\nThe Canonical String for this request should have been\n'\(mismatch.canonicalRequest)'\n\n"
            + "The String-to-Sign should have been\n'\(mismatch.stringToSign)'\n"
    }
}
