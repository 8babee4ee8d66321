import Bytes
import Crypto
import HTTPTypes
import Time

/// Signature Version 2 of S3 in a query or a form: HMAC-SHA1 by the secret itself over a text made of the request.
///
/// boto3 presigns in this way unless it is told otherwise. In an `Authorization` header nothing of today sends it.
/// [Reference](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html)
public struct VersionTwoSignature: Sendable {
    public let accessKeyID: String
    public let sessionToken: String?
    /// Base64.
    public let signature: String
    /// What was signed.
    public let text: String
    /// `nil` for a form, whose policy says it.
    private let expires: Timestamp?

    /// Parameters that mean another operation or answer, and so belong to the resource.
    private static let subresources: Set<String> = [
        "accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "inventory", "lifecycle", "location",
        "logging", "metrics", "notification", "object-lock", "partNumber", "policy", "replication", "requestPayment",
        "response-cache-control", "response-content-disposition", "response-content-encoding",
        "response-content-language", "response-content-type", "response-expires", "restore", "select", "select-type",
        "storageClass", "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website",
    ]

    public static func isPresent(in head: RequestHead) -> Bool {
        let query = head.query
        guard !query.isEmpty, !head.fields.contains("Authorization") else { return false }
        return query.utf8.split(separator: UInt8(ascii: "&")).contains { $0.starts(with: "AWSAccessKeyId=".utf8) }
    }

    /// - Parameters:
    ///   - head: the request with the headers that stood in its query, see `headersOfQuery`.
    ///   - bucket: the one its host names.
    /// - Throws: `SignatureError.malformed`
    init(_ head: RequestHead, bucket: String?) throws(SignatureError) {
        let items = head.queryItems
        func value(_ name: String) -> String { items.first { $0.name == name }?.value ?? "" }
        let missing = ["AWSAccessKeyId", "Signature", "Expires"].filter { value($0).isEmpty }
        guard missing.isEmpty else { throw .malformed(.queryParameters(missing: missing)) }
        guard let seconds = Int64(value("Expires")), (0...Self.lastSecond).contains(seconds) else {
            throw .malformed(.expiresIsNoNumber)
        }
        accessKeyID = value("AWSAccessKeyId")
        signature = value("Signature")
        sessionToken = head.fields["x-amz-security-token"]
        expires = Timestamp(seconds: seconds)
        text = """
            \(head.method)
            \(head.fields["Content-MD5"] ?? "")
            \(head.fields["Content-Type"] ?? "")
            \(value("Expires"))
            \(Self.ownHeaders(head.fields))\(bucket.map { "/\($0)" } ?? "")\(head.path)\(Self.subresources(of: head))
            """
    }

    /// The end of the year 9999.
    private static let lastSecond: Int64 = 253_402_300_799

    /// Reads the fields of a form, in lower case; `nil` where it is not signed in this way.
    public init?(ofPolicy policy: String, _ fields: [String: String]) {
        guard let id = fields["awsaccesskeyid"], let signature = fields["signature"] else { return nil }
        accessKeyID = id
        sessionToken = fields["x-amz-security-token"]
        self.signature = signature
        text = policy
        expires = nil
    }

    private static func ownHeaders(_ fields: HTTPFields) -> String {
        var values: [String: [String]] = [:]
        for field in fields {
            let name = field.name.asciiLowercased
            if name.hasPrefix("x-amz-") { values[name, default: []].append(field.value) }
        }
        return values.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.joined(separator: ","))\n" }.joined()
    }

    private static func subresources(of head: RequestHead) -> String {
        let named = head.query.split(separator: "&").compactMap { pair -> (name: Substring, text: String)? in
            let name = pair.prefix { $0 != "=" }
            guard subresources.contains(String(name)) else { return nil }
            let value = pair.dropFirst(name.count)
            let bytes = PercentEncoding.decode(value.utf8) ?? Array(value.utf8)
            return (name, name + String(decoding: bytes, as: UTF8.self))
        }
        guard !named.isEmpty else { return "" }
        return "?" + named.sorted { $0.name < $1.name }.map(\.text).joined(separator: "&")
    }

    /// The headers that a presigned request has in its query: the signature covers them as headers, and S3 obeys them.
    public static func headersOfQuery(_ head: RequestHead) -> RequestHead {
        guard isPresent(in: head) else { return head }
        var head = head
        for item in head.queryItems {
            let name = item.name.asciiLowercased
            guard name.hasPrefix("x-amz-") || name == "content-type" || name == "content-md5" else { continue }
            guard !head.fields.contains(name), !item.value.utf8.contains(where: { $0 < 0x20 }) else { continue }
            head.fields.append(name, item.value)
        }
        return head
    }

    /// - Parameter expected: the HMAC-SHA1 of `text`, which only the secret's keeper can make.
    /// - Throws: `SignatureError.mismatch`, `presignedExpired`.
    public func verify(expected: [UInt8], now: Timestamp) throws(SignatureError) {
        guard let given = Base64.decode(signature.utf8), ConstantTime.equal(given, expected) else {
            throw .mismatch(
                .init(accessKeyID: accessKeyID, provided: signature, stringToSign: text, canonicalRequest: ""))
        }
        if let expires, now > expires { throw .presignedExpired(date: expires, expiresSeconds: 0, now: now) }
    }
}
