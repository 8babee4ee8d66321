import ServiceKit

/// A line of an access log.
///
/// [Log format](https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html). What only the connection knows
/// (cipher, bytes of an XML answer) is `-`, as AWS writes what it does not know.
struct AccessRecord: Sendable {
    let call: AnsweredCall
    /// `REST.GET.OBJECT`
    let operation: String
    var key: String?
    var status: Int
    var errorCode: String?
    var bytesSent: Int64?
    var objectSize: Int64?
    var version: String?

    /// - Parameter accessPoint: that the request came by.
    func line(of bucket: Bucket, by accessPoint: AccessPoint? = nil) -> String {
        let milliseconds = String(call.duration.milliseconds)
        let visit = call.source.visit
        let host = call.source.endpoint.split(separator: "/").last.map(String.init)
        let fields: [String?] = [
            bucket.owner.id, bucket.name, "[\(call.now.commonLogDate)]", call.source.address, requester, call.requestID,
            operation, key.map { PercentEncoding.string($0, keepingSlash: true) },
            visit.map { Self.quoted(Self.withoutSecrets($0.requestLine)) }, "\(status)", errorCode,
            bytesSent.flatMap { $0 == 0 ? nil : String($0) }, objectSize.map { String($0) }, milliseconds, milliseconds,
            Self.quoted(visit?.referer ?? ""), Self.quoted(call.source.userAgent), version, call.trace.hex,
            visit?.signature?.loggedVersion, nil, visit?.signature?.loggedForm, host, call.source.tlsVersion,
            accessPoint?.arn.description, nil,
        ]
        return fields.map { $0.flatMap { $0.isEmpty ? nil : $0 } ?? "-" }.joined(separator: " ") + "\n"
    }

    /// The account by its canonical id, users and sessions by their ARN.
    private var requester: String? {
        switch call.caller.kind {
        case .anonymous: nil
        case .root: CanonicalUser(call.caller.account).id
        case .service: "svc:\(call.caller.arn)"
        case .user, .assumedRole, .federatedUser: call.caller.arn
        }
    }

    /// What clients send cannot end the field or the line.
    private static func quoted(_ text: String) -> String {
        let safe = text.unicodeScalars.map { $0 == "\"" || $0.value < 32 || $0.value == 127 ? "?" : String($0) }
        return "\"\(text.isEmpty ? "-" : safe.joined())\""
    }

    /// Whoever reads the log must not be able to use a presigned address out of it.
    private static func withoutSecrets(_ requestLine: String) -> String {
        let names = ["X-Amz-Signature=", "X-Amz-Security-Token=", "x-amz-security-token=", "Signature="]
        guard names.contains(where: { requestLine.contains($0) }) else { return requestLine }
        return requestLine.split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.split(separator: "&", omittingEmptySubsequences: false).map { parameter in
                // The first parameter stands behind the path.
                let name = parameter.split(separator: "?").last ?? parameter
                guard names.contains(where: { name.hasPrefix($0) }), let end = parameter.lastIndex(of: "=") else {
                    return String(parameter)
                }
                return parameter[...end] + "REDACTED"
            }.joined(separator: "&")
        }.joined(separator: " ")
    }
}

extension RequestSignature {
    fileprivate var loggedVersion: String { algorithm == "AWS" ? "SigV2" : "SigV4" }

    fileprivate var loggedForm: String? {
        switch form {
        case .header: "AuthHeader"
        case .query: "QueryString"
        case .post: nil
        }
    }
}
