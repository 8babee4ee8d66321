import Bytes
import HTTPTypes
import Time

/// A signature in the query: `?X-Amz-Algorithm=…&X-Amz-Credential=…&…`.
enum PresignedQuery {
    private static let required = [
        "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders",
    ]
    static let longestSeconds = 604_800
    /// How long a presigned request to other services than S3 is good for where it does not say.
    private static let defaultSeconds = 900

    /// A cheap look, so that unsigned requests are not parsed for nothing.
    static func isPresent(in head: RequestHead) -> Bool {
        let query = head.query
        guard !query.isEmpty else { return false }
        return query.utf8.split(separator: UInt8(ascii: "&")).contains { pair in
            let name = String(Substring(pair.prefix { $0 != UInt8(ascii: "=") }))
            return name.equalsIgnoringCase("X-Amz-Algorithm") || name.equalsIgnoringCase("X-Amz-Signature")
        }
    }

    static func parse(_ head: RequestHead) throws(SignatureError) -> SignedRequest {
        let parameters = Parameters(items: head.queryItems)
        let missing = required.filter { parameters[$0].isEmpty }
        guard missing.isEmpty else { throw .malformed(.queryParameters(missing: missing)) }
        guard let algorithm = SigningAlgorithm(rawValue: parameters["X-Amz-Algorithm"]) else {
            throw .malformed(.algorithm(parameters["X-Amz-Algorithm"]))
        }
        let credential = try Credential(parameters["X-Amz-Credential"], algorithm: algorithm)
        guard let date = Timestamp(iso8601Basic: parameters["X-Amz-Date"]) else { throw .malformed(.queryDate) }
        try AuthorizationHeader.check(credential.scope, against: date)
        let isS3 = SignedRequest.isS3(credential.scope.service)
        let content = parameters.value("X-Amz-Content-Sha256") ?? head.fields["X-Amz-Content-Sha256"]
        let expires = try expiry(parameters.value("X-Amz-Expires"), isS3: isS3)
        return SignedRequest(
            form: .presigned(expiresSeconds: expires), algorithm: algorithm, accessKeyID: credential.accessKeyID,
            scope: credential.scope, regionSet: algorithm == .ecdsa ? parameters["X-Amz-Region-Set"] : nil, date: date,
            signedHeaders: try AuthorizationHeader.signedHeaders(parameters["X-Amz-SignedHeaders"]),
            signature: parameters["X-Amz-Signature"], sessionToken: parameters.value("X-Amz-Security-Token"),
            payload: content == nil && isS3 ? .unsigned : try PayloadDigest(content))
    }

    private struct Parameters {
        let items: [QueryItem]

        func value(_ name: String) -> String? { items.first { $0.name.equalsIgnoringCase(name) }?.value }
        subscript(name: String) -> String { value(name) ?? "" }
    }

    private static func expiry(_ text: String?, isS3: Bool) throws(SignatureError) -> Int {
        guard let text else {
            guard !isS3 else { throw .malformed(.queryParameters(missing: ["X-Amz-Expires"])) }
            return defaultSeconds
        }
        guard let seconds = Int(text) else { throw .malformed(.expiresIsNoNumber) }
        guard seconds >= 0 else { throw .malformed(.expiresIsNegative) }
        guard seconds <= longestSeconds else { throw .malformed(.expiresTooLate) }
        return seconds
    }
}
