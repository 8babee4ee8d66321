import Bytes
import Time

/// The words of S3, which has errors of its own for nearly everything.
///
/// [Reference](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)
enum S3Wording {
    static func answer(to error: SignatureError) -> SignatureAnswer {
        switch error {
        case .missingAuthentication: .init("AccessDenied", "Access Denied", 403)
        case .malformed(let malformation): answer(to: malformation)
        case .unknownAccessKey(let identifier):
            .init(
                "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403,
                ["AWSAccessKeyId": identifier])
        case .invalidToken: .init("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
        case .expiredToken: .init("ExpiredToken", "The provided token has expired.", 400)
        case .wrongRegion(let region, let expected):
            malformedHeader("the region '\(region)' is wrong; expecting '\(expected)'", ["Region": expected])
        case .wrongService(let service, let expected):
            malformedHeader("incorrect service \"\(service)\". This endpoint belongs to \"\(expected)\".")
        case .headersNotSigned(let names):
            .init(
                "AccessDenied", "There were headers present in the request which were not signed", 403,
                ["HeadersNotSigned": names.joined(separator: ", ")])
        case .skewed(let date, let now):
            .init(
                "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.",
                403,
                [
                    "RequestTime": date.iso8601Basic, "ServerTime": now.iso8601(milliseconds: false),
                    "MaxAllowedSkewMilliseconds": "\(SignatureError.allowedSkewSeconds * 1000)",
                ])
        case .presignedExpired(let date, let seconds, let now):
            .init(
                "AccessDenied", "Request has expired", 403,
                [
                    "X-Amz-Expires": "\(seconds)",
                    "Expires": (date + .seconds(seconds)).iso8601(milliseconds: false),
                    "ServerTime": now.iso8601(milliseconds: false),
                ])
        case .presignedNotYetValid: .init("AccessDenied", "Request is not valid yet", 403)
        case .mismatch(let mismatch): answer(to: mismatch)
        case .payload(let fault): answer(to: fault)
        }
    }

    private static func answer(to malformation: SignatureError.Malformation) -> SignatureAnswer {
        switch malformation {
        case .algorithm(let name):
            .init(
                "InvalidArgument", "Unsupported Authorization Type", 400,
                ["ArgumentName": "Authorization", "ArgumentValue": name])
        case .severalMechanisms:
            .init(
                "InvalidArgument",
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
                    + "parameter or the Authorization header should be specified", 400)
        case .pair: malformedHeader("Invalid credential or signature element.")
        case .parameters(_, false, _), .date:
            .init("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header", 403)
        case .parameters(let missing, _, _): malformedHeader("missing \(missing.joined(separator: ", ")).")
        case .credential, .terminator:
            malformedHeader(
                "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".")
        case .scopeDate(let date, let request):
            malformedHeader(
                "Invalid credential date \"\(date)\". This date is not the same as X-Amz-Date: "
                    + "\"\(request.basicDate)\".")
        case .hostNotSigned: malformedHeader("host must be one of the SignedHeaders.")
        case .queryParameters:
            query(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                    + "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
        case .queryDate: query("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
        case .expiresIsNoNumber: query("X-Amz-Expires should be a number")
        case .expiresIsNegative: query("X-Amz-Expires must be non-negative")
        case .expiresTooLate:
            query(
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less "
                    + "than 604800 seconds")
        case .contentHash(let text):
            .init(
                "InvalidArgument",
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
                    + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
                    + "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or "
                    + "a valid sha256 value.", 400,
                ["ArgumentName": "x-amz-content-sha256", "ArgumentValue": text])
        case .contentHashMissing:
            .init("InvalidRequest", "Missing required header for this request: x-amz-content-sha256", 400)
        }
    }

    private static func answer(to mismatch: SignatureError.Mismatch) -> SignatureAnswer {
        .init(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing "
                + "method.", 403,
            [
                "AWSAccessKeyId": mismatch.accessKeyID,
                "StringToSign": mismatch.stringToSign,
                "SignatureProvided": mismatch.provided,
                "StringToSignBytes": spacedHex(mismatch.stringToSign),
                "CanonicalRequest": mismatch.canonicalRequest,
                "CanonicalRequestBytes": spacedHex(mismatch.canonicalRequest),
            ])
    }

    private static func answer(to fault: SignatureError.PayloadFault) -> SignatureAnswer {
        switch fault {
        case .hash(let stated, let computed):
            .init(
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was "
                    + "computed.", 400,
                ["ClientComputedContentSHA256": stated, "S3ComputedContentSHA256": computed])
        case .incomplete:
            .init("IncompleteBody", "The request body terminated unexpectedly", 400)
        case .framing:
            .init("InvalidRequest", "The body is not a valid aws-chunked stream.", 400)
        case .trailer:
            .init(
                "MalformedTrailerError",
                "The request contained trailing data that was not well-formed or did not "
                    + "conform to our published schema.", 400)
        case .decodedLengthMissing:
            .init("MissingContentLength", "You must provide the Content-Length HTTP header.", 411)
        case .checksum(let name):
            .init("BadDigest", "The \(algorithm(of: name)) you specified did not match the calculated checksum.", 400)
        }
    }

    private static func malformedHeader(
        _ reason: String, _ details: KeyValuePairs<String, String> = [:]
    ) -> SignatureAnswer {
        .init(
            "AuthorizationHeaderMalformed", "The authorization header is malformed; \(reason)", 400, details)
    }

    private static func query(_ message: String) -> SignatureAnswer {
        .init("AuthorizationQueryParametersError", message, 400)
    }

    /// `x-amz-checksum-crc32` is `CRC32`.
    private static func algorithm(of header: String) -> String {
        String(header.split(separator: "-").last ?? "").uppercased()
    }

    private static func spacedHex(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            if !out.isEmpty { out.append(UInt8(ascii: " ")) }
            out.append(contentsOf: Hex.encode(CollectionOfOne(byte)))
        }
        return String(decoding: out, as: UTF8.self)
    }
}
